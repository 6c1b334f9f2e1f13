"""Answers that never change are asked for once; all others every time."""

from __future__ import annotations

import asyncio
import gzip

import pytest
from streamlit import file_util
from streamlit.web.server.starlette.starlette_static_routes import create_streamlit_static_handler

from lessons.shared.kept_files import KeptFiles
from tests.lessons.app_page import run

GZIP = (b"accept-encoding", b"gzip, deflate, br, zstd")
FOR_EVER = (b"cache-control", b"public, immutable, max-age=31536000")


class Site:
    """An application that counts what it is asked, and answers in two parts."""

    def __init__(self, headers=(FOR_EVER,), status: int = 200, parts=(b"one ", b"file")):
        self.asked, self.headers, self.status, self.parts = 0, list(headers), status, parts

    async def __call__(self, scope, receive, send):
        self.asked += 1
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        for part in self.parts:
            await send({"type": "http.response.body", "body": part, "more_body": part is not self.parts[-1]})


def ask(app, path: str = "/static/js/one.js", method: str = "GET", headers=(), query: bytes = b""):
    """What a browser gets: status, headers, content."""
    sent: list[dict] = []

    async def send(message):
        sent.append(message)

    async def stays():  # the browser does not hang up
        await asyncio.Event().wait()

    scope = {"type": "http", "path": path, "method": method, "headers": list(headers), "query_string": query,
             "root_path": ""}  # fmt: skip
    run(app(scope, stays, send))
    body = b"".join(message.get("body", b"") for message in sent[1:])
    assert not sent[-1].get("more_body", False)
    return sent[0]["status"], sent[0]["headers"], body


def test_what_never_changes_is_asked_for_once_for_each_address():
    site = Site()
    kept = KeptFiles(site)
    first = ask(kept)
    assert first == (200, [FOR_EVER], b"one file") and ask(kept) == first and site.asked == 1
    ask(kept, "/static/js/another.js")
    assert site.asked == 2


@pytest.mark.parametrize(
    "site",
    [
        Site(headers=[(b"cache-control", b"no-cache")]),
        Site(headers=[]),
        Site(headers=[FOR_EVER, (b"Set-Cookie", b"visitor=7")]),
        Site(headers=[FOR_EVER, (b"content-encoding", b"gzip")]),
        Site(headers=[FOR_EVER, (b"vary", b"Accept-Language")]),
        Site(status=404),
        Site(status=206),
    ],
)
def test_what_may_differ_is_asked_for_each_time(site):
    kept = KeptFiles(site)
    assert ask(kept) == ask(kept) and site.asked == 2


@pytest.mark.parametrize(
    "asked",
    [
        {"method": "HEAD"},
        {"method": "POST"},
        {"query": b"v=2"},
        {"headers": [(b"range", b"bytes=0-3")]},
        {"headers": [(b"if-none-match", b'"an-etag"')]},
    ],
)
def test_other_questions_go_to_the_application(asked):
    site = Site()
    kept = KeptFiles(site)
    ask(kept), ask(kept, **asked), ask(kept, **asked)
    assert site.asked == 3


SCRIPT = (b"content-type", b"text/javascript; charset=utf-8")


def test_text_is_compressed_once_for_browsers_that_read_it():
    text = b"const everySecondWordIsTheSame = 1;\n" * 200
    told = [FOR_EVER, SCRIPT, (b"Content-Length", b"7200"), (b"ETag", b'"7"'), (b"accept-ranges", b"bytes")]
    site = Site(headers=told, parts=(text,))
    kept = KeptFiles(site)
    first = ask(kept, headers=[GZIP])
    assert first == (200, told, text), "what passes through is left as it is"
    status, headers, body = ask(kept, headers=[GZIP])
    assert status == 200 and gzip.decompress(body) == text and len(body) < len(text) / 10
    assert dict(headers) == dict([FOR_EVER, SCRIPT]) | {
        b"content-length": b"%d" % len(body), b"content-encoding": b"gzip", b"vary": b"accept-encoding"
    }  # fmt: skip
    assert ask(kept) == ask(kept, headers=[(b"accept-encoding", b"br")]) == first and site.asked == 1


@pytest.mark.parametrize(("kind", "content"), [((b"content-type", b"font/woff2"), bytes(5000)), (SCRIPT, b"short")])
def test_what_is_no_text_or_short_is_sent_as_it_was(kind, content):
    kept = KeptFiles(Site(headers=[FOR_EVER, kind], parts=(content,)))
    first = ask(kept)
    assert ask(kept, headers=[GZIP]) == first == (200, [FOR_EVER, kind], content)


def test_an_answer_that_breaks_off_is_not_kept():
    class Broken(Site):
        async def __call__(self, scope, receive, send):
            await super().__call__(scope, receive, send) if self.asked else await self.fail(send)

        async def fail(self, send):
            self.asked += 1
            await send({"type": "http.response.start", "status": 200, "headers": self.headers})
            await send({"type": "http.response.body", "body": b"one ", "more_body": True})
            raise OSError("the file is gone")

    kept = KeptFiles(Broken())
    with pytest.raises(OSError, match="gone"):
        ask(kept)
    assert ask(kept)[2] == b"one file"


def test_no_more_is_kept_than_there_is_room_for():
    site = Site()
    kept = KeptFiles(site, most_bytes=20)  # two files of eight bytes
    for _ in range(2):
        for name in "abc":
            ask(kept, name)
    assert site.asked == 4, "the third is asked for again"


def test_streamlits_own_scripts_are_kept_and_its_page_is_not():
    site = create_streamlit_static_handler(file_util.get_static_dir(), None)
    asked: list[str] = []

    async def noted(scope, receive, send):
        asked.append(scope["path"])
        await site(scope, receive, send)

    kept = KeptFiles(noted)
    page = ask(kept, "/index.html")[2].decode()
    script = page.split('src="./')[1].split('"')[0]
    straight = ask(site, f"/{script}")
    assert ask(kept, f"/{script}") == straight == ask(kept, f"/{script}")
    assert gzip.decompress(ask(kept, f"/{script}", headers=[GZIP])[2]) == straight[2]
    ask(kept, "/index.html"), ask(kept, "/a-lesson")
    assert asked == ["/index.html", f"/{script}", "/index.html", "/a-lesson"]
