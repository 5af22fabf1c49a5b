"""Reads the codes of the pictures named on the command line with zxing-cpp, once
for nothing and then three times, and prints one JSON line per picture."""

import json
import statistics
import sys
import time

import zxingcpp
from PIL import Image

FORMATS = [
    zxingcpp.BarcodeFormat.QRCode,
    zxingcpp.BarcodeFormat.Code128,
    zxingcpp.BarcodeFormat.Code39,
    zxingcpp.BarcodeFormat.DataMatrix,
    zxingcpp.BarcodeFormat.PDF417,
]

for path in sys.argv[1:]:
    picture = Image.open(path).convert("L")
    picture.load()
    found = zxingcpp.read_barcodes(picture, formats=FORMATS)
    times = []
    for _ in range(3):
        began = time.perf_counter()
        zxingcpp.read_barcodes(picture, formats=FORMATS)
        times.append((time.perf_counter() - began) * 1000)
    texts = [code.text for code in found]
    print(json.dumps({"texts": texts, "ms": statistics.median(times)}))
