"""The language server: an editor shows our findings while the author types."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from pathlib import Path

from lsprotocol import types
from pygls import uris
from pygls.lsp.server import LanguageServer
from pygls.workspace import PositionCodec, ServerTextPosition

from .. import __version__
from ..findings import Finding, Place
from .config import ConfigError, Configuration
from .examine import here
from .runner import check_text

_PAUSE = 0.3
"""Seconds without a keystroke after which a text is checked."""

_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "info": types.DiagnosticSeverity.Information,
}


class Server(LanguageServer):
    """Checks the open documents; remembers what it found, for the editor's questions about it."""

    def __init__(self) -> None:
        # Whole texts, because pygls counts lines otherwise than editors do where a form feed stands in the text.
        super().__init__("kshape-lint", __version__, types.TextDocumentSyncKind.Full)
        self.found: dict[str, list[tuple[Finding, types.Diagnostic]]] = {}
        self.complaint = ""

    async def check(self, uri: str, *, pause: float = 0.0) -> None:
        """Check a document, unless it changes in the meantime, and tell the editor."""
        document = self.workspace.get_text_document(uri)
        version = document.version
        await asyncio.sleep(pause)
        if uri not in self.workspace.text_documents or self.workspace.get_text_document(uri).version != version:
            return
        text = re.sub("\r\n?", "\n", self.workspace.get_text_document(uri).source)
        filename = uris.to_fs_path(uri) or uri
        findings = await asyncio.get_running_loop().run_in_executor(None, self._findings, text, filename)
        if uri not in self.workspace.text_documents or self.workspace.get_text_document(uri).version != version:
            return
        lines = text.split("\n")
        codec = self.workspace.position_codec
        findings = [here(finding, filename) for finding in findings]
        self.found[uri] = [(finding, _diagnostic(finding, uri, lines, codec)) for finding in findings]
        diagnostics = [diagnostic for _, diagnostic in self.found[uri]]
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, diagnostics, version))

    def _findings(self, text: str, filename: str) -> list[Finding]:
        try:
            settings = Configuration().for_file(filename)
        except ConfigError as error:
            if self.complaint != str(error):
                self.complaint = str(error)
                self.window_show_message(types.ShowMessageParams(types.MessageType.Error, f"kshape-lint: {error}"))
            return []
        return [] if settings.excludes(filename) else check_text(text, filename, settings)


def _diagnostic(finding: Finding, uri: str, lines: Sequence[str], codec: PositionCodec) -> types.Diagnostic:
    related = []
    for step in finding.trail:
        its_lines = lines if step.filename == finding.filename else _lines_of(step.filename)
        its_uri = uri if step.filename == finding.filename else uris.from_fs_path(step.filename)
        if its_uri is not None:
            location = types.Location(its_uri, _range(step.place, its_lines, codec))
            related.append(types.DiagnosticRelatedInformation(location, step.text))
    return types.Diagnostic(
        range=_range(finding.place, lines, codec),
        message=finding.message if finding.help is None else f"{finding.message}\n{finding.help}",
        severity=_SEVERITIES[finding.severity],
        code=finding.code,
        source="kshape-lint",
        related_information=related or None,
    )


def _range(place: Place, lines: Sequence[str], codec: PositionCodec) -> types.Range:
    def position(row: int, column: int) -> types.Position:
        row = min(max(row, 1), max(len(lines), 1))
        return codec.position_to_client_units(lines, ServerTextPosition(row - 1, max(column - 1, 0)))

    return types.Range(position(place.row, place.column), position(place.end_row, place.end_column))


def _lines_of(filename: str) -> list[str]:
    from .reading import decode

    try:
        return decode(Path(filename).read_bytes()).split("\n")
    except (OSError, ValueError):
        return []


def make() -> Server:
    """Return a server that answers an editor."""
    server = Server()

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def opened(params: types.DidOpenTextDocumentParams) -> None:
        await server.check(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(params: types.DidChangeTextDocumentParams) -> None:
        await server.check(params.text_document.uri, pause=_PAUSE)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def saved(params: types.DidSaveTextDocumentParams) -> None:
        await server.check(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        server.found.pop(uri, None)
        server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hover(params: types.HoverParams) -> types.Hover | None:
        where = params.position
        for finding, diagnostic in server.found.get(params.text_document.uri, ()):
            start, end = diagnostic.range.start, diagnostic.range.end
            if (start.line, start.character) <= (where.line, where.character) <= (end.line, end.character):
                return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, _explained(finding)), diagnostic.range)
        return None

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions([types.CodeActionKind.QuickFix]),
    )
    def actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        uri = params.text_document.uri
        document = server.workspace.get_text_document(uri)
        lines = re.sub("\r\n?", "\n", document.source).split("\n")
        out = []
        for finding, diagnostic in server.found.get(uri, ()):
            if diagnostic.range.end.line < params.range.start.line or diagnostic.range.start.line > params.range.end.line:
                continue
            if finding.fix is not None:
                edits = [
                    types.TextEdit(_range(edit.place, lines, server.workspace.position_codec), edit.text) for edit in finding.fix.edits
                ]
                out.append(_action(finding.fix.message, uri, edits, diagnostic))
            if finding.severity != "info":
                out.append(_action(f"Silence {finding.code} on this line", uri, [_noqa(finding, lines, server)], diagnostic))
        return out

    return server


def _action(title: str, uri: str, edits: Sequence[types.TextEdit], diagnostic: types.Diagnostic) -> types.CodeAction:
    return types.CodeAction(title, types.CodeActionKind.QuickFix, [diagnostic], edit=types.WorkspaceEdit({uri: list(edits)}))


def _noqa(finding: Finding, lines: Sequence[str], server: Server) -> types.TextEdit:
    row = finding.place.row
    line = lines[row - 1] if row <= len(lines) else ""
    end = Place(row, len(line) + 1, row, len(line) + 1)
    return types.TextEdit(_range(end, lines, server.workspace.position_codec), f"  # noqa: {finding.code}")


def _explained(finding: Finding) -> str:
    from ..rules import all_rules

    rule = all_rules().get(finding.code)
    return finding.message if rule is None else f"**{rule.code} {rule.name}**\n\n{rule.documentation()}"


def serve() -> None:
    """Serve on standard input and output until the editor ends it."""
    make().start_io()
