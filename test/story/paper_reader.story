# What a viewer that is not ours (poppler) reads on paper: every number that the page lets a reader ask for.
skip unless pdftotext -v

file check.py <<END
import html, re, subprocess, sys
page = open(sys.argv[1], encoding="utf-8").read()
page = page[:page.index("<script")]
words = subprocess.run(["pdftotext", "-raw", sys.argv[2], "-"], capture_output=True, text=True, check=True).stdout
bare = lambda text: re.sub(r"\s+", "", text)
asked = [bare(html.unescape(one)) for one in re.findall(r'<\w+[^>]* data-why="[^"]*"[^>]*>([^<]*)</', page)]
missing = [one for one in asked if one not in bare(words)]
print("enough numbers" if len(asked) > 80 else len(asked), "missing:", missing)
END

$ lode demo > answer.txt 2> words.txt; lode factor report quality -o quality.html --pdf quality.pdf > out.txt
$ python3 -B check.py quality.html quality.pdf
enough numbers missing: []

$ lode factor compare quality reversal noise slow_noise -o compare.html --pdf compare.pdf > out.txt
$ python3 -B check.py compare.html compare.pdf
enough numbers missing: []

$ pdfinfo quality.pdf | grep -E '^(Title|Producer|Page size|Encrypted|JavaScript)' | tr -s ' '
Title: Synthetic: quality, factor report
Producer: Lode
JavaScript: no
Encrypted: no
Page size: 595.28 x 841.89 pts (A4)

# Its fonts come with it, and the words can be searched.
$ pdffonts quality.pdf | tail -n +3 | awk '{print $1, $(NF-4), $(NF-3), $(NF-2)}' | sed 's/^[A-P]*+//'
LiberationSans yes yes yes
LiberationSans-Bold yes yes yes
LiberationMono yes yes yes
