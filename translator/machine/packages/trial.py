"""Run as a script: load the package whose files come in on standard input and translate a word.

It ends with 0 where that works, else with 1 and the reason on standard output, or it crashes.
"""

import pickle
import resource
import sys


def main() -> int:
    files: dict[str, bytes] = pickle.load(sys.stdin.buffer)  # made by validation.py
    limit = (4 << 30) + 6 * sum(map(len, files.values()))  # of address space
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import ctranslate2
    import sentencepiece

    try:
        tokens = ["a"]
        for name in ("target_sentencepiece.model", "sentencepiece.model"):
            if name in files:
                processor = sentencepiece.SentencePieceProcessor(model_proto=files[name])
                tokens = processor.encode("a", out_type=str)
        model = {n.removeprefix("model/"): c for n, c in files.items() if n.startswith("model/")}
        translator = ctranslate2.Translator("package", files=model, intra_threads=1)
        translator.translate_batch([tokens], beam_size=1, max_decoding_length=2)
    except Exception as error:  # whatever C++ raises
        print((str(error).splitlines() or [type(error).__name__])[0])
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
