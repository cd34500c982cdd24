"""Repeats a draw from its published file alone: python3 draw.py draw.csv [public value]"""

import csv
import sys
from hashlib import sha256


def sha(text):
    return sha256(text.encode()).hexdigest()


rows = list(csv.reader(open(sys.argv[1], encoding="utf-8-sig", newline="")))[1:]
listed = [row for row in rows if row[0] in ("seats", "entry")]
entries = [row for row in rows if row[0] == "entry"]
typed = [row[7][1:] for row in rows if row[0] == "value"] + sys.argv[2:]
fingerprint = sha("".join(",".join(row[:7]) + "\n" for row in listed))
print("list ", fingerprint)
if not typed:
    sys.exit("The public value is not in the file: give it as the second argument.")
seed = sha(f"{fingerprint}|{typed[-1]}")
print("seed ", seed)
free = {(row[2], row[6]): int(row[5]) for row in listed if row[0] == "seats"}
keys = {
    r[1]: min(sha(f"{seed}|{r[1]}|{t + 1}") for t in range(int(r[4]))) for r in entries
}
entries.sort(key=lambda row: (int(row[3]), keys[row[1]], int(row[1])))
won, waiting, differ = {}, {}, 0
for row in entries:
    for pool in row[6].split("+"):
        if row[1] not in won and free.get((row[2], pool), 0) >= int(row[5]):
            free[row[2], pool] -= int(row[5])
            won[row[1]] = row
for row in entries:
    result = "won" if won.get(row[1]) is row else "other"
    if row[1] not in won:
        waiting[row[2]] = waiting.get(row[2], 0) + 1
        result = f"waiting-{waiting[row[2]]}"
    differ += row[8] not in ("", result)
    print(row[1], row[2], row[3], result, sep=",")
sys.exit(f"{differ} results differ from the file." if differ else 0)
