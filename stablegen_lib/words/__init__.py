"""Lessons 08 and 13: faces in words.

Open `captions.py` first: from attributes to a sentence. `prompts.py` goes back, from words to conditions.
`vocabulary.py` has the words of both, `phrases.py` the one parser. `byte_pairs.py` cuts words into the pieces
that a text encoder reads. Import the file that you need.
"""
