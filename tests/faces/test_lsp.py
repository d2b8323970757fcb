"""The language server, asked by pygls's own client over standard input and output."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pygls")

from lsprotocol import types
from pygls.lsp.client import LanguageClient

TOP = Path(__file__).parents[2]

PROGRAM = """
import sys, types
sys.path[:0] = [{top!r}, {faces!r}]
from conftest import check
for name, said in (("gate", {{"wanted": lambda text, filename=None: "keras" in text}}), ("checker", {{"check": check}})):
    module = types.ModuleType("kshape_lint." + name)
    module.__dict__.update(said)
    sys.modules["kshape_lint." + name] = module
from kshape_lint.faces.cli import main
sys.exit(main(["server"]))
"""


class Editor(LanguageClient):
    """Remembers the diagnostics it is sent."""

    def __init__(self) -> None:
        super().__init__("test", "1")
        self.diagnostics: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()
        self.messages: list[str] = []

        @self.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def diagnostics(params: types.PublishDiagnosticsParams) -> None:
            self.diagnostics.put_nowait(params)

        @self.feature(types.WINDOW_SHOW_MESSAGE)
        def message(params: types.ShowMessageParams) -> None:
            self.messages.append(params.message)

    async def told(self) -> types.PublishDiagnosticsParams:
        return await asyncio.wait_for(self.diagnostics.get(), 20)

    def open(self, uri: str, text: str) -> None:
        self.text_document_did_open(types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "python", 1, text)))

    def change(self, uri: str, version: int, text: str) -> None:
        self.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(version, uri), [types.TextDocumentContentChangeWholeDocument(text)]
            )
        )


def session(talk) -> None:
    async def run() -> None:
        editor = Editor()
        program = PROGRAM.format(top=str(TOP), faces=str(TOP / "tests" / "faces"))
        await editor.start_io(sys.executable, "-c", program)
        try:
            await editor.initialize_async(types.InitializeParams(types.ClientCapabilities(), os.getpid()))
            editor.initialized(types.InitializedParams())
            await talk(editor)
        finally:
            # Where the talk failed, too: the server is asked to end, and does.
            await editor.shutdown_async(None)
            editor.exit(None)
            await editor.stop()

    asyncio.run(asyncio.wait_for(run(), 60))


def span(found: types.Range) -> tuple[int, int, int, int]:
    return found.start.line, found.start.character, found.end.line, found.end.character


def test_an_editor_is_told(tmp_path):
    uri = (tmp_path / "train.py").as_uri()

    async def talk(editor: Editor) -> None:
        editor.open(uri, "import keras\r\nx = '\N{SNAKE}', bad(1)\r\n")
        told = await editor.told()
        assert (told.uri, told.version) == (uri, 1)
        [found] = told.diagnostics
        assert (found.code, found.severity, found.source) == ("KSH101", types.DiagnosticSeverity.Error, "kshape-lint")
        assert found.message == "cannot reshape 1\nreshape less"
        assert span(found.range) == (1, 10, 1, 16), "columns are counted in UTF-16 units"
        [step] = found.related_information
        assert (step.message, span(step.location.range)) == ("x is (100, 20) from np.random.rand", (0, 0, 0, 12))

        [silence] = await editor.text_document_code_action_async(
            types.CodeActionParams(types.TextDocumentIdentifier(uri), found.range, types.CodeActionContext([found]))
        )
        [edit] = silence.edit.changes[uri]
        assert (edit.new_text, span(edit.range)) == ("  # noqa: KSH101", (1, 16, 1, 16))

        hover = await editor.text_document_hover_async(types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(1, 12)))
        assert "KSH101 reshape-size" in hover.contents.value
        assert await editor.text_document_hover_async(types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(0, 0))) is None

        editor.change(uri, 2, "import keras\nbad(1)  # noqa\nbad(")
        assert not (await editor.told()).diagnostics
        for version in range(3, 10):
            editor.change(uri, version, "import keras\n" + "warn(1)\n" * version)
        told = await editor.told()
        assert (told.version, len(told.diagnostics)) == (9, 9), "texts that are out of date are not checked"
        editor.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))
        assert not (await editor.told()).diagnostics

    session(talk)


def test_the_configuration_counts(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.kshape_lint]\nignore = ['KSH1']\nexclude = ['b.py']\n")

    async def talk(editor: Editor) -> None:
        editor.open((tmp_path / "a.py").as_uri(), "import keras\nbad(1)\nwarn(1)\n")
        assert [found.code for found in (await editor.told()).diagnostics] == ["KSH401"]
        editor.open((tmp_path / "b.py").as_uri(), "import keras\nwarn(1)\n")
        assert not (await editor.told()).diagnostics
        (tmp_path / "pyproject.toml").write_text("[tool.kshape_lint]\nignroe = []\n")
        editor.open((tmp_path / "c.py").as_uri(), "import keras\nwarn(1)\n")
        assert not (await editor.told()).diagnostics
        assert "unknown key 'ignroe'" in editor.messages[0]

    session(talk)


def test_a_server_that_is_told_to_end_does_so_in_peace():
    calls = [("initialize", 1, {"processId": None, "rootUri": None, "capabilities": {}}), ("shutdown", 2, None), ("exit", None, None)]
    sent = b""
    for method, number, params in calls:
        message = {"jsonrpc": "2.0", "method": method, "params": params} | ({} if number is None else {"id": number})
        body = json.dumps(message).encode()
        sent += b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
    ran = subprocess.run([sys.executable, "-m", "kshape_lint", "server"], input=sent, capture_output=True, timeout=60)
    assert (ran.returncode, ran.stderr) == (0, b"")
