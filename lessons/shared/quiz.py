"""Questions with an explanation for every answer, right or wrong, at once: the browser has all it needs to say.

One component holds them all. As Streamlit's own radios each question was three or more messages, and widgets are what
costs a class's server most.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from lessons.shared.markdown import line
from lessons.shared.prose import Question

_ASK = """
const KEPT = "beaker-answers-";  // the tab remembers: {question: the option that was chosen}

function remembered(key) {
  try { return JSON.parse(sessionStorage.getItem(KEPT + key)) ?? {}; } catch { return {}; }
}
function remember(key, answers) {
  try { sessionStorage.setItem(KEPT + key, JSON.stringify(answers)); } catch { /* a browser that keeps nothing */ }
}
function made(tag, html = "", classes = "") {
  const element = document.createElement(tag);
  element.innerHTML = html;
  element.className = classes;
  return element;
}

function drawn({ asked, options }, name, chosen, choose) {
  const box = document.createElement("fieldset");
  const why = made("p");
  why.setAttribute("role", "status");
  const explain = ({ right, why: words }) => {
    why.className = right ? "right" : "wrong";
    why.innerHTML = `<strong>${right ? "Yes." : "Not quite."}</strong> ${words}`;
  };
  box.append(made("legend", asked));
  for (const option of options) {
    const label = made("label", `<input type="radio" name="${name}"><span>${option.text}</span>`);
    const radio = label.firstChild;
    radio.onchange = () => { explain(option); choose(option.text); };
    if (option.text === chosen) { radio.checked = true; explain(option); }
    box.append(label);
  }
  box.append(why);
  return box;
}

export default function ({ data, parentElement }) {
  const place = parentElement.querySelector(".quiz");
  const told = JSON.stringify(data);
  if (place.told === told) return;  // the page has run again: what was answered, and the focus, stay as they are
  place.told = told;
  const answers = remembered(data.key);
  place.replaceChildren(...data.questions.map((question, i) =>
    drawn(question, `question-${i}`, answers[question.asked], (text) => {
      answers[question.asked] = text;
      remember(data.key, answers);
    })));
}
"""
_CSS = """
.quiz { display: grid; gap: 1.75rem; max-width: 48rem; font: 400 1rem/1.6 var(--st-font); color: var(--st-text-color); }
fieldset { min-width: 0; margin: 0; padding: 0; border: 0; }
legend { padding: 0; margin-bottom: 0.4rem; font-weight: 600; text-wrap: pretty; }
label { display: flex; gap: 0.55rem; width: fit-content; padding-block: 0.15rem; cursor: pointer; line-height: 1.5; }
input { appearance: none; flex: none; width: 1rem; height: 1rem; margin: 0.25rem 0 0; border-radius: 50%;
  border: 1px solid var(--bk-noise); background: var(--st-background-color); cursor: pointer; }
label:hover input { border-color: var(--bk-you); }
input:checked { border: 0.3rem solid var(--bk-you); }
input:focus-visible { outline: 2px solid var(--bk-you); outline-offset: 2px; }
code { font: 0.85rem var(--st-code-font); font-variant-ligatures: none; }
p { margin: 0.5rem 0 0; max-width: 70ch; text-wrap: pretty; }
p:empty { margin: 0; }  /* there from the start, so that a screen reader hears what comes */
strong { font-weight: 650; }
.right strong { color: var(--bk-predicted); }
.wrong strong { color: var(--bk-you); }
"""
_quiz = st.components.v2.component("beaker_quiz", html='<div class="quiz"></div>', css=_CSS, js=_ASK)


def quiz(questions: Sequence[Question], key: str) -> None:
    """Show the questions; answers last as long as the browser's tab."""
    data = {"key": key, "questions": [_told(question) for question in questions]}
    _quiz(key=f"bk-quiz-{key}", data=data, height="content")


def _told(question: Question) -> dict[str, Any]:
    """What the browser is told, as HTML."""
    options = [{"text": line(o.text), "right": o.right, "why": line(o.why)} for o in question.options]
    return {"asked": line(question.text), "options": options}
