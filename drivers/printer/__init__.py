"""ESC/POS printers with Chinese text.

Start reading at ``slip`` (what goes on paper), then ``encode`` (bytes), ``protocol`` (one job with status before and
after) and ``printer`` (the device). ``stream``, ``decoder`` and ``simulator`` are the other end and share no code with
``encode``.
"""
