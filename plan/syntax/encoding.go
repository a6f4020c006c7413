package syntax

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"
)

func hasBOM(src []byte) bool { return bytes.HasPrefix(src, []byte("\xef\xbb\xbf")) }

// cookie is PEP 263's pattern.
var cookie = regexp.MustCompile(`^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)`)

// declared is the encoding that one of the first two lines names, and where;
// empty when there is none. The second line counts only after a blank one.
func declared(src []byte) (name string, at int) {
	start := 0
	if hasBOM(src) {
		start = 3
	}
	for range 2 {
		end := start
		for end < len(src) && src[end] != '\n' && src[end] != '\r' {
			end++
		}
		line := src[start:end]
		if bytes.Contains(line, []byte("coding")) {
			if m := cookie.FindSubmatchIndex(line); m != nil {
				return string(line[m[2]:m[3]]), start + m[2]
			}
		}
		if text := bytes.TrimLeft(line, " \t\f"); len(text) > 0 && text[0] != '#' {
			break
		}
		start = lineEnd(src, end)
	}
	return "", 0
}

// utf8Name tells whether a code page name means UTF-8.
func utf8Name(name string) bool {
	switch name {
	case "utf-8", "utf8", "u8", "utf", "cp65001", "utf8-ucs2", "utf8-ucs4":
		return true
	}
	return strings.HasPrefix(name, "utf-8-")
}

// singleByte holds the code pages of which every byte below 0x80 is ASCII and
// every byte from 0x80 one character, by their usual names.
var singleByte = regexp.MustCompile(`^(latin-?[1-9]|latin-?10|l[1-9]|latin|iso-?latin-?1(-.*)?|8859|cp819|ibm819|` +
	`iso-?8859(-?([1-9]|1[013-6]))?(-.*)?|iso-ir-\d+|` +
	`(cp|windows-|ibm)?(437|720|737|775|850|852|855|856|857|858|860|861|862|863|865|866|869|1125|125[0-8])|cp874|` +
	`koi8-?[rtu]|kz-?1048|ptcp154|mac-?(roman|latin2?|cyrillic|greek|iceland|turkish|centeuro|croatian|romanian|farsi)|macintosh|` +
	`tis-?620|cyrillic|greek8?|hebrew|arabic|thai|hp-?roman8)$`)

var multiByte = regexp.MustCompile(`^(utf-?(7|16|32).*|u(7|16|32)|shift-?jis.*|s-?jis.*|ms-?kanji|mskanji|cp?(932|936|949|950|1361)|ms(932|936|949|950|1361)|` +
	`euc.*|u-?jis|gb.*|big5.*|chinese|iso-?2022.*|johab|hz.*|uhc|korean|ks.*|csbig5|hkscs|windows-31j)$`)

// decode finds the file's encoding. codePage tells that every byte from 0x80 is
// one character; the error says why the file cannot be read byte by byte.
func decode(src []byte) (encoding string, codePage bool, err *lexError) {
	written, at := declared(src)
	encoding = strings.Trim(strings.ReplaceAll(strings.ToLower(written), "_", "-"), "-")
	switch {
	case hasBOM(src) && written != "" && encoding != "utf-8" && !strings.HasPrefix(encoding, "utf-8-"):
		// CPython knows no other spelling here.
		return encoding, false, &lexError{at, "encoding " + quoted(written) + " is declared, but the file starts with the mark of UTF-8"}
	case written == "" || utf8Name(encoding):
		if i := invalidUTF8(src); i >= 0 {
			return "utf-8", false, &lexError{i, "source is not valid UTF-8, and no encoding is declared"}
		}
		return "utf-8", false, nil
	case encoding == "ascii" || encoding == "us-ascii" || encoding == "646" || encoding == "ansi-x3.4-1968":
		for i, c := range src {
			if c >= utf8.RuneSelf {
				return encoding, false, &lexError{i, "source is not ASCII, as it declares"}
			}
		}
		return encoding, false, nil
	case singleByte.MatchString(encoding):
		return encoding, true, nil
	case multiByte.MatchString(encoding):
		return encoding, false, &lexError{at, "encoding " + quoted(written) + " has characters of several bytes: convert the file to UTF-8"}
	}
	return encoding, false, &lexError{at, "unknown encoding " + quoted(written) + ": convert the file to UTF-8"}
}

func quoted(s string) string { return `"` + s + `"` } // the cookie's own letters need no escaping

func invalidUTF8(src []byte) int {
	if utf8.Valid(src) {
		return -1
	}
	for i := 0; i < len(src); {
		r, n := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}
