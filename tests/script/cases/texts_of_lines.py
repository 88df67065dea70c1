import numpy as np
text = """first line
second line"""
print(len(text), repr(text))
lines = """
a b
c
""".strip().split("\n")
print(lines)
h = np.zeros(2)
for u in np.array([ord(c) for c in text]) / 100:
    h = np.tanh(h + u)
print(h)
print("a\tb\\n", "q\"q", 'it\'s', r"\d\n", """multi
line""", f"""{h[0]:.2f}
x""")
def f():
    """Doc
    string."""
    return '''one "two" '''
w = 8
print(f"{h[0]:{w}.3f}|{', '.join(f'{v:.1f}' for v in h)}|{'ab':*^{w}}", '{!r} {:>4}'.format('q', 7), list(h > 0))
print(f(), len("""x"""))
