package osmpbf

import (
	"bytes"
	"fmt"

	"yizhan/geo"
)

// frame says where in the file a blob stands, for messages.
type frame struct {
	index int   // 0 is the header
	at    int64 // byte offset of the frame's length
}

// damaged returns the error for a frame that breaks the format. The cause is
// for people too, since it is what a mapper reports; it names no internals.
func (f frame) damaged(cause string, err error) error {
	e := geo.NewError(geo.Invalid,
		fmt.Sprintf("PBF 文件在第 %d 块（字节 %d）处损坏：%s。请重新下载该文件。", f.index, f.at, cause),
		fmt.Sprintf("the PBF file is damaged at block %d (byte %d), %s: download it again", f.index, f.at, cause))
	e.Err = err
	return e
}

// truncated returns the error for a file that ends inside a frame.
func (f frame) truncated() error {
	return geo.NewError(geo.Invalid,
		fmt.Sprintf("PBF 文件不完整：在第 %d 块（起始字节 %d）中间结束。请重新下载该文件。", f.index, f.at),
		fmt.Sprintf("the PBF file is cut short: it ends inside block %d, which begins at byte %d: download it again", f.index, f.at))
}

// oversized returns the error for a length beyond the format's bound.
func (f frame) oversized(what string, n, limit int64) error {
	return geo.NewError(geo.TooLarge,
		fmt.Sprintf("PBF 文件在第 %d 块（字节 %d）处无效：%s 为 %d 字节，上限 %d。该文件已损坏或不是 OSM PBF。", f.index, f.at, what, n, limit),
		fmt.Sprintf("the PBF file is not valid at block %d (byte %d): %s is %d bytes, the format allows %d: the file is damaged or no OSM PBF", f.index, f.at, what, n, limit))
}

// bomb returns the error for a file that unpacks to far more than map data do.
func (f frame) bomb() error {
	return geo.NewError(geo.TooLarge,
		fmt.Sprintf("PBF 文件到第 %d 块（字节 %d）已解压出远超正常地图数据的内容，拒绝导入。请从可靠来源重新下载。", f.index, f.at),
		fmt.Sprintf("the PBF file unpacks to far more than map data do (at block %d, byte %d) and is refused: download it again from a source you trust", f.index, f.at))
}

// compressed returns the error for a compression that is not read.
func (f frame) compressed(name string) error {
	return geo.NewError(geo.Invalid,
		fmt.Sprintf("PBF 文件使用 %s 压缩，本程序只读 zlib、zstd 和未压缩的数据块。请先转换：osmium cat 输入.osm.pbf -o 输出.osm.pbf -f pbf,pbf_compression=zlib", name),
		fmt.Sprintf("the PBF file is compressed with %s; yizhan reads zlib, zstd and raw blocks: re-pack it with: osmium cat IN.osm.pbf -o OUT.osm.pbf -f pbf,pbf_compression=zlib", name))
}

// feature returns the error for a required feature that is not read.
func feature(name string) error {
	if name == "HistoricalInformation" {
		return geo.NewError(geo.Invalid,
			"PBF 文件含完整历史版本（HistoricalInformation），无法导入。请先取当前状态：osmium time-filter 输入.osh.pbf -o 输出.osm.pbf",
			"the PBF file holds full history (HistoricalInformation), which cannot be imported: take the present state first with: osmium time-filter IN.osh.pbf -o OUT.osm.pbf")
	}
	return geo.NewError(geo.Invalid,
		fmt.Sprintf("PBF 文件要求不支持的特性 %q。请用 osmium cat 重新打包后再导入。", name),
		fmt.Sprintf("the PBF file requires the feature %q, which is not supported: re-pack it with osmium cat", name))
}

// magics are the beginnings of what people rename to .pbf or get from a
// broken download. A PBF file begins with a zero byte, so none can be mistaken.
var magics = [...]struct {
	prefix string
	name   geo.Text
	advice geo.Text
}{
	{"PK\x03\x04", geo.Text{Zh: "ZIP 压缩包", En: "a zip archive"}, unpack},
	{"PK\x05\x06", geo.Text{Zh: "空的 ZIP 压缩包", En: "an empty zip archive"}, unpack},
	{"\x1f\x8b", geo.Text{Zh: "gzip 压缩文件", En: "a gzip file"}, unpack},
	{"BZh", geo.Text{Zh: "bzip2 压缩文件", En: "a bzip2 file"}, unpack},
	{"\xfd7zXZ", geo.Text{Zh: "xz 压缩文件", En: "an xz file"}, unpack},
	{"7z\xbc\xaf", geo.Text{Zh: "7z 压缩包", En: "a 7z archive"}, unpack},
	{"Rar!", geo.Text{Zh: "RAR 压缩包", En: "a rar archive"}, unpack},
	{"\x28\xb5\x2f\xfd", geo.Text{Zh: "zstd 压缩文件", En: "a zstd file"}, unpack},
	{"\xff\xe0\x04o5", geo.Text{Zh: "o5m/o5c 文件", En: "an o5m or o5c file"}, convert},
	{"SQLite format 3", geo.Text{Zh: "SQLite 或 GeoPackage 文件", En: "a SQLite or GeoPackage file"}, extract},
	{"version https://git-lfs", geo.Text{Zh: "Git LFS 指针文件", En: "a Git LFS pointer, not the file itself"}, extract},
}

var (
	unpack  = geo.Text{Zh: "请先解压，再导入其中的 .osm.pbf", En: "unpack it and import the .osm.pbf inside"}
	convert = geo.Text{Zh: "请先转换：osmium cat 输入 -o 输出.osm.pbf", En: "convert it with: osmium cat IN -o OUT.osm.pbf"}
	extract = geo.Text{Zh: "请改用 .osm.pbf 文件", En: "use an .osm.pbf file"}
)

// markup are words near the beginning of text files that tell what they are.
var markup = [...]struct {
	word   string
	name   geo.Text
	advice geo.Text
}{
	{"<osmChange", geo.Text{Zh: "OSM 变更文件（.osc）", En: "an OSM change file (.osc)"}, geo.Text{Zh: "请先用 osmium apply-changes 应用到完整数据", En: "apply it to a full extract with osmium apply-changes"}},
	{"<osm", geo.Text{Zh: "OSM XML 文件", En: "an OSM XML file"}, convert},
	{"<html", geo.Text{Zh: "网页", En: "a web page"}, geo.Text{Zh: "下载可能失败了，请重新下载", En: "the download may have failed, try it again"}},
	{"<!DOCTYPE", geo.Text{Zh: "网页", En: "a web page"}, geo.Text{Zh: "下载可能失败了，请重新下载", En: "the download may have failed, try it again"}},
	{"<?xml", geo.Text{Zh: "XML 文件", En: "an XML file"}, extract},
	{"{", geo.Text{Zh: "JSON 文件", En: "a JSON file"}, extract},
}

// foreign returns the error for a file whose first bytes are not those of a
// PBF file, saying what it is where that can be told.
func foreign(head []byte) error {
	say := func(name, advice geo.Text) error {
		return geo.NewError(geo.Invalid,
			fmt.Sprintf("这不是 PBF 文件，而是%s：%s。", name.Zh, advice.Zh),
			fmt.Sprintf("this is not a PBF file but %s: %s", name.En, advice.En))
	}
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m.prefix)) {
			return say(m.name, m.advice)
		}
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	if len(text) > 0 && (text[0] == '<' || text[0] == '{') {
		for _, m := range markup {
			if bytes.Contains(text, []byte(m.word)) {
				return say(m.name, m.advice)
			}
		}
	}
	return geo.NewError(geo.Invalid,
		"这不是 OSM PBF 文件（开头不是 OSMHeader）。请使用 .osm.pbf 文件。",
		"this is not an OSM PBF file (it does not begin with an OSMHeader): use an .osm.pbf file")
}

// empty returns the error for a file without a byte.
func empty() error {
	return geo.NewError(geo.Invalid,
		"PBF 文件是空的，请重新下载。",
		"the PBF file is empty: download it again")
}
