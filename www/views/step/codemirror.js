/**
 * The editor for listings: CodeMirror with Python's colours, undo, and mistakes marked in place.
 */
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { HighlightStyle, bracketMatching, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { render } from "lit";
import { with_code } from "../view.js";

/** @typedef {import("../../state/step/step.js").Diagnostic} Diagnostic */

const COLOURS = HighlightStyle.define([
  { tag: tags.comment, color: "var(--ink-3)" },
  { tag: [tags.keyword, tags.definitionKeyword], color: "var(--ink-2)", fontWeight: "600" },
  { tag: tags.number, color: "var(--gate-o)" },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: "var(--state-c)" },
]);

/**
 * @param {HTMLElement} parent @param {string} code @param {(code: string) => void} typed
 * @returns {{ view: EditorView, mark: (found: Diagnostic[]) => void }}
 */
export function make_editor(parent, code, typed) {
  const state = EditorState.create({
    doc: code,
    extensions: [
      lineNumbers(),
      history(),
      drawSelection(),
      highlightActiveLine(),
      bracketMatching(),
      indentUnit.of("    "),
      python(),
      syntaxHighlighting(COLOURS),
      lintGutter(),
      keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
      EditorView.contentAttributes.of({ "aria-label": "Your listing", spellcheck: "false" }),
      EditorView.lineWrapping,
      EditorView.updateListener.of((update) => {
        if (update.docChanged) typed(update.state.doc.toString());
      }),
    ],
  });
  const view = new EditorView({ state, parent });
  return {
    view,
    mark: (found) =>
      view.dispatch(
        setDiagnostics(
          view.state,
          found.map((one) => place(view, one)),
        ),
      ),
  };
}

/** @param {EditorView} view @param {Diagnostic} found @returns {import("@codemirror/lint").Diagnostic} */
function place(view, { line, column, length, message }) {
  const text = view.state.doc.line(Math.max(1, Math.min(view.state.doc.lines, line)));
  const from = Math.min(text.to, text.from + column - 1);
  return {
    from,
    to: Math.min(text.to, Math.max(from + 1, from + length)),
    severity: "error",
    message: `${message}.`,
    renderMessage: () => {
      const shown = document.createElement("span");
      render(with_code(`${message}.`), shown);
      return shown;
    },
  };
}
