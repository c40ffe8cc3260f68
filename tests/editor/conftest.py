"""A client of a language server: enough of its protocol to ask what an editor asks."""

import json
import queue
import shutil
import subprocess
import threading

import pytest

from hornbook.catalog import catalog
from hornbook.recipes.schema import schema

SERVER = "yaml-language-server@1.25.0"
MODELINE = "# yaml-language-server: $schema=recipe.schema.json\n"
PATIENCE = 60
"""Seconds after which an answer will not come any more."""


class LanguageServer:
    """A language server in a process of its own, spoken to as an editor does.

    Args:
        command: The command that starts it.
        settings: Its settings, by section.
    """

    def __init__(self, command, settings):
        self.settings = settings
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.answers = {}
        self.diagnostics = {}
        self.arrived = queue.Queue()
        self.number = 0
        threading.Thread(target=self._listen, daemon=True).start()
        capabilities = {
            "workspace": {"configuration": True},
            "textDocument": {
                "completion": {
                    "completionItem": {"snippetSupport": True, "documentationFormat": ["markdown"]}
                },
                "hover": {"contentFormat": ["markdown"]},
            },
        }
        self.request("initialize", processId=None, rootUri=None, capabilities=capabilities)
        self.notify("initialized")

    def open(self, uri, text):
        """Open a document, and wait for what the server has to say of it."""
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self.notify("textDocument/didOpen", textDocument=document)
        self._wait(lambda: uri in self.diagnostics)

    def found(self, uri):
        """What is underlined: the line and the message of each."""
        return [(one["range"]["start"]["line"], one["message"]) for one in self.diagnostics[uri]]

    def completed(self, uri, line, column):
        """What is offered at a place (counted from 0), by label."""
        answer = self.request("textDocument/completion", **_at(uri, line, column))
        items = answer["items"] if isinstance(answer, dict) else answer
        return {item["label"]: item for item in items or ()}

    def hover(self, uri, line, column):
        """What is told of a place (counted from 0)."""
        answer = self.request("textDocument/hover", **_at(uri, line, column))
        return answer["contents"]["value"] if answer else ""

    def request(self, method, **parameters):
        """Ask, and wait for the answer."""
        self.number += 1
        number = self.number
        self._send({"id": number, "method": method, "params": parameters})
        self._wait(lambda: number in self.answers)
        answer = self.answers.pop(number)
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def notify(self, method, **parameters):
        """Tell, without waiting."""
        self._send({"method": method, "params": parameters})

    def close(self):
        """End the process."""
        self.process.kill()
        self.process.wait()

    def _wait(self, done):
        while not done():
            message = self.arrived.get(timeout=PATIENCE)
            if "method" in message and "id" in message:
                self._answer(message)
            elif "id" in message:
                self.answers[message["id"]] = message
            elif message.get("method") == "textDocument/publishDiagnostics":
                self.diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]

    def _answer(self, question):
        result = None
        if question["method"] == "workspace/configuration":
            result = [self.settings.get(item["section"]) for item in question["params"]["items"]]
        self._send({"id": question["id"], "result": result})

    def _send(self, message):
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(content), content))
        self.process.stdin.flush()

    def _listen(self):
        stream = self.process.stdout
        while line := stream.readline():
            length = int(line.split(b":")[1])
            while stream.readline().strip():
                pass
            self.arrived.put(json.loads(stream.read(length)))


def _at(uri, line, column):
    return {"textDocument": {"uri": uri}, "position": {"line": line, "character": column}}


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The language server that editors use for YAML, from npm."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    folder = tmp_path_factory.mktemp("language-server")
    (folder / "package.json").write_text("{}")
    install = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", SERVER]
    subprocess.run(install, cwd=folder, check=True, capture_output=True, timeout=300)
    settings = {"yaml": {"validate": True, "hover": True, "completion": True}}
    running = LanguageServer([folder / "node_modules" / ".bin" / "yaml-language-server", "--stdio"], settings)
    yield running
    running.close()


class Editor:
    """An editor with one recipe open; `|` in the text is where the cursor stands.

    Args:
        server: The language server.
        folder: Where recipes lie beside the schema.
    """

    def __init__(self, server, folder):
        self.server = server
        self.folder = folder
        self.opened = 0

    def found(self, text):
        """What is underlined in a recipe: the line (counted from 1, without the modeline) and the message."""
        return self.server.found(self._open(text))

    def completed(self, text):
        """What is offered at the cursor."""
        uri, place = self._at_cursor(text)
        return self.server.completed(uri, *place)

    def hover(self, text):
        """What is told of what stands at the cursor."""
        uri, place = self._at_cursor(text)
        return self.server.hover(uri, *place)

    def _at_cursor(self, text):
        before, _, after = text.partition("|")
        return self._open(before + after), (before.count("\n") + 1, len(before) - before.rfind("\n") - 1)

    def _open(self, text):
        self.opened += 1
        file = self.folder / f"{self.opened}.yaml"
        file.write_text(MODELINE + text)
        self.server.open(file.as_uri(), MODELINE + text)
        return file.as_uri()


@pytest.fixture(scope="module")
def editor(server, tmp_path_factory):
    """An editor in a folder with a schema of all that is installed."""
    folder = tmp_path_factory.mktemp("recipes")
    (folder / "recipe.schema.json").write_text(json.dumps(schema(catalog())))
    return Editor(server, folder)
