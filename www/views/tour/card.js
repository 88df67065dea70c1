/** The card of the tour. */
export {};
