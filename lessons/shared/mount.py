"""What a component of ours does for as long as it is on the page, as JavaScript that its script begins with.

    export default function ({ parentElement }) {
      return mount(parentElement, () => {
        const timer = setInterval(…);
        return () => clearInterval(timer);
      });
    }

Streamlit calls what a component returns when it leaves the page, but not before it calls the component again with new
data: a timer of the first call would go on for ever, beside that of the second. And it may call it late, when the
next call has begun; so each call ends its own.
"""

MOUNT = """
const ENDS = new WeakMap();  // place on the page → what ends the last call there

function mount(place, begin) {
  ENDS.get(place)?.();
  const end = begin();
  ENDS.set(place, end);
  return end;
}
"""
