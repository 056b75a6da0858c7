"""A tokenizer, made by hand: from the words of our captions to the tables of byte-pair encoding.

Byte-pair encoding starts from letters and merges the pair that stands beside each other most often,
again and again. CLIP's tokenizer, which Stable Diffusion uses, is such a table with 49,408 tokens. Ours
merges on until each word of the captions is one token; an unknown word falls into pieces.

Source:
    Sennrich, Haddow, Birch 2016, arXiv:1508.07909.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from string import ascii_lowercase

from stablegen_lib.plumbing.doors import door

END = "</w>"  # marks the last letter of a word, so that "a" inside a word and the word "a" differ
BEGIN_TEXT, END_TEXT = "<|startoftext|>", "<|endoftext|>"
Merge = tuple[str, str]


@door()
def learn_merges(words: Iterable[str]) -> list[Merge]:
    """The merges, first to last, after which every one of these words is a single token.

    >>> learn_merges(["hat", "hair"])
    [('h', 'a'), ('ha', 'i'), ('ha', 't</w>'), ('hai', 'r</w>')]
    """
    pieces = [_letters(word) for word in sorted(set(words))]
    merges: list[Merge] = []
    while any(len(word) > 1 for word in pieces):
        counts = Counter(pair for word in pieces for pair in pairwise(word))
        best = min(counts, key=lambda pair: (-counts[pair], pair))  # the alphabet decides between equals
        pieces = [_merged(word, best) for word in pieces]
        merges.append(best)
    return merges


@door()
def split(word: str, merges: Sequence[Merge]) -> list[str]:
    """The tokens of one word: all merges that fit, in the order in which they were learnt.

    >>> split("hats", learn_merges(["hat", "hair"]))
    ['ha', 't', 's</w>']
    """
    pieces = _letters(word)
    for merge in merges:
        pieces = _merged(pieces, merge)
    return pieces


@door()
def vocabulary(merges: Sequence[Merge], marks: str = ",") -> dict[str, int]:
    """Token -> number: letters, letters at the end of a word, merged pieces, and the two ends of a text."""
    letters = [*ascii_lowercase, *marks]
    tokens = [*letters, *(letter + END for letter in letters), *(a + b for a, b in merges)]
    return {token: number for number, token in enumerate([*tokens, BEGIN_TEXT, END_TEXT])}


def _letters(word: str) -> list[str]:
    if not word:
        raise ValueError("words of at least one letter were needed, and an empty one came.")
    return [*word[:-1], word[-1] + END]


def _merged(pieces: list[str], merge: Merge) -> list[str]:
    result: list[str] = []
    for piece in pieces:
        if result and (result[-1], piece) == merge:
            result[-1] += piece
        else:
            result.append(piece)
    return result
