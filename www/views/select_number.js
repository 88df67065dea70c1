/** Fields that hold one number. */
const NUMBER = 'input[type="number"], input[inputmode="decimal"]';

/** @type {EventTarget | null} */
let entered = null;

/**
 * The click that leads into a field of one number selects all of it, as the Tab key does, so that what is typed next
 * is the new number. A second click sets the caret.
 */
export function select_numbers_on_click() {
  addEventListener("pointerdown", ({ target }) => {
    entered = target === document.activeElement ? null : target;
  });
  addEventListener("click", ({ target }) => {
    if (target !== entered || !(target instanceof HTMLInputElement) || !target.matches(NUMBER)) return;
    if (target.selectionStart === target.selectionEnd) target.select();
  });
}
