"""Writes golden.json beside it: baselines computed with numpy, by other methods than the engine's.

The optimum of the logistic regression is found by Newton's method in double precision.
"""
import collections
import json
import pathlib

import numpy as np

rng = np.random.default_rng(5)
WORDS, FIRST = 14, 3


def texts(count, classes):
    labels = rng.integers(0, classes, count)
    ids = rng.integers(0, WORDS, (count, 9))
    for row, label in zip(ids, labels):
        row[rng.random(9) < 0.25] = 5 + label
    return ids, labels


def tf_idf(ids, idf=None):
    counts = np.array([[np.sum(row == word) for word in range(WORDS)] for row in ids], dtype=float)
    counts[:, :FIRST] = 0
    if idf is None:
        idf = np.log((1 + len(ids)) / (1 + np.sum(counts > 0, axis=0))) + 1
    rows = counts * idf
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12), idf


def regression(classes):
    (ids, labels), (held_ids, held_labels) = texts(60, classes), texts(40, classes)
    x, idf = tf_idf(ids)
    held, _ = tf_idf(held_ids, idf)
    outputs = 1 if classes == 2 else classes
    ones = lambda a: np.hstack([a, np.ones((len(a), 1))])
    x, held = ones(x), ones(held)

    def probabilities(a, w):
        z = a @ w
        if outputs == 1:
            yes = 1 / (1 + np.exp(-z))
            return np.hstack([1 - yes, yes])
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    w = np.zeros((WORDS + 1, outputs))
    penalty = np.repeat(np.r_[np.ones(WORDS), 0], outputs) / len(ids)
    y = np.eye(classes)[labels]
    for _ in range(100):
        p = probabilities(x, w)
        if outputs == 1:
            p, t = p[:, 1:], y[:, 1:]
        else:
            t = y
        gradient = (x.T @ (p - t) / len(ids)).ravel() + penalty * w.ravel()
        second = np.diag(penalty)
        for row, q in zip(x, p):
            block = np.diag(q) - np.outer(q, q) if outputs > 1 else np.array([[q[0] * (1 - q[0])]])
            second = second + np.kron(np.outer(row, row), block) / len(ids)
        w = w - (np.linalg.pinv(second) @ gradient).reshape(w.shape)
    p = probabilities(held, w)
    return {
        "classes": classes, "first_word": FIRST,
        "train": ids.tolist(), "train_labels": labels.tolist(),
        "held": held_ids.tolist(), "held_labels": held_labels.tolist(),
        "loss": float(-np.mean(np.log(p[np.arange(len(held)), held_labels]))),
        "accuracy": float(np.mean(p.argmax(axis=1) == held_labels)),
    }


def next_id():
    train, held = rng.integers(0, 7, 80), rng.integers(0, 8, 50)
    vocabulary = 8
    count = np.zeros((vocabulary, vocabulary))
    for a, b in zip(train, train[1:]):
        count[a, b] += 1
    shares = (count.sum(axis=0) + 1) / (len(train) - 1 + vocabulary)
    pairs = list(zip(held, held[1:]))
    unigram = -np.mean([np.log(shares[b]) for _, b in pairs])

    def follows(a, b):
        different = np.count_nonzero(count[a])
        return (count[a, b] + different * shares[b]) / (count[a].sum() + different) if different else shares[b]

    bigram = -np.mean([np.log(follows(a, b)) for a, b in pairs])
    return {"vocabulary": vocabulary, "train": train.tolist(), "held": held.tolist(),
            "unigram": float(unigram), "bigram": float(bigram)}


def kneser_ney(train, held, vocabulary, length):
    """Interpolated Kneser-Ney with one discount a length, with tuples in dictionaries; texts begin anew."""
    count = [collections.Counter() for _ in range(length + 1)]
    for text in train:
        for end in range(length, len(text) + 1):
            count[length][tuple(text[end - length:end])] += 1
    seen = [{tuple(text[end - n:end]) for text in train for end in range(n, len(text) + 1)} for n in range(length + 1)]
    for n in range(length - 1, 0, -1):
        count[n].update(gram[1:] for gram in seen[n + 1])

    def probability(history, word):
        if len(history) + 1 > length:
            history = history[1:]
        p = 1 / vocabulary
        for n in range(1, len(history) + 2):
            context = history[len(history) - n + 1:]
            followers = {gram: c for gram, c in count[n].items() if gram[:-1] == context}
            if followers:
                ones, twos = (sum(c == k for c in count[n].values()) for k in (1, 2))
                discount = ones / (ones + 2 * twos) if ones else 0.5
                c = followers.get(context + (word,), 0)
                p = (max(c - discount, 0) + discount * len(followers) * p) / sum(followers.values())
        return p

    every = probability(tuple(train[0][:length - 1]), 0)
    assert every > 0 and abs(sum(probability(tuple(train[0][:length - 1]), w) for w in range(vocabulary)) - 1) < 1e-9
    costs = [-np.log(probability(tuple(text[max(0, k - length + 1):k]), text[k]))
             for text in held for k in range(1, len(text))]
    return float(np.mean(costs))


def ngrams():
    def text(size):
        ids = [int(rng.integers(0, 6))]
        while len(ids) < size:
            ids.append((ids[-1] * 2 + 1) % 7 if rng.random() < 0.6 else int(rng.integers(0, 7)))
        return ids

    train, held = [text(90), text(60), text(3)], [text(40), [8, 7] + text(20)]
    costs = {str(length): kneser_ney(train, held, 9, length) for length in (2, 3, 5)}
    return {"vocabulary": 9, "train": train, "held": held, "costs": costs}


def numbers():
    x, y = rng.normal(size=(6, 5, 2)), rng.normal(size=(6, 5, 2)) + 1
    train = rng.normal(size=(7, 5, 2)) * 2
    x, y, train = (np.round(a, 3) for a in (x, y, train))
    mean = train.reshape(-1, 2).mean(axis=0)
    return {"x": x.tolist(), "y": y.tolist(), "train": train.tolist(),
            "mean": float(np.mean((y - mean) ** 2)), "repeat": float(np.mean((y - x) ** 2)),
            "repeat_last": float(np.mean((y[:, -1:] - x[:, -1:]) ** 2))}


golden = {"regressions": [regression(2), regression(3)], "next_id": next_id(), "numbers": numbers(), "ngrams": ngrams()}
pathlib.Path(__file__).with_name("golden.json").write_text(json.dumps(golden) + "\n")
