package osmpbf

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
	"google.golang.org/protobuf/encoding/protowire"
)

// The bounds that the format sets.
const (
	maxHeaderSize = 64 << 10
	maxBlobSize   = 32 << 20
)

// blob is one frame of the file, still packed.
type blob struct {
	frame
	kind string // OSMHeader, OSMData, or something to skip
	buf  []byte // the whole Blob message, owned
	data []byte // the payload, a part of buf
	how  packing
	size int   // of the payload unpacked
	end  int64 // byte offset after the frame
}

type packing uint8

const (
	packedRaw packing = iota
	packedZlib
	packedZstd
)

// frameReader cuts a stream into blobs.
type frameReader struct {
	r    io.Reader
	pos  int64
	next int
	head []byte
}

// read returns the next blob, using buf for its bytes where that is large
// enough. It returns io.EOF at the end of the file.
func (fr *frameReader) read(buf []byte) (blob, error) {
	b := blob{frame: frame{index: fr.next, at: fr.pos}}
	fr.next++
	var length [4]byte
	n, err := io.ReadFull(fr.r, length[:])
	fr.pos += int64(n)
	first := b.index == 0
	switch {
	case err == io.EOF && !first:
		return b, io.EOF
	case err == io.EOF:
		return b, empty()
	case first && length[0] != 0:
		return b, foreign(fr.peek(length[:n]))
	case err != nil:
		return b, fr.failed(b.frame, err)
	}
	size := int64(binary.BigEndian.Uint32(length[:]))
	if size > maxHeaderSize {
		if first {
			return b, foreign(length[:])
		}
		return b, b.oversized("BlobHeader", size, maxHeaderSize)
	}
	if fr.head == nil {
		fr.head = make([]byte, maxHeaderSize)
	}
	head := fr.head[:size]
	n, err = io.ReadFull(fr.r, head)
	fr.pos += int64(n)
	if err != nil {
		return b, fr.failed(b.frame, err)
	}
	datasize, err := b.parseBlobHeader(head)
	if err != nil {
		if first {
			return b, foreign(length[:])
		}
		return b, b.damaged("its header cannot be read", err)
	}
	if datasize < 0 || datasize > maxBlobSize {
		return b, b.oversized("Blob", datasize, maxBlobSize)
	}
	if b.buf, err = readBytes(fr.r, buf, int(datasize)); err != nil {
		fr.pos += int64(len(b.buf))
		return b, fr.failed(b.frame, err)
	}
	fr.pos += datasize
	b.end = fr.pos
	return b, nil
}

// readBytes reads n bytes into buf or a larger slice. It takes memory as the
// bytes arrive, in doubling steps, so that a file of a few bytes that speaks
// of 32 MiB gets no 32 MiB.
func readBytes(r io.Reader, buf []byte, n int) ([]byte, error) {
	got := 0
	buf = buf[:cap(buf)]
	for {
		if got == len(buf) && got < n {
			grown := make([]byte, min(n, max(64<<10, 2*got)))
			copy(grown, buf)
			buf = grown
		}
		want := buf[got:min(n, len(buf))]
		m, err := io.ReadFull(r, want)
		got += m
		if err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return buf[:got], err
		}
		if got == n {
			return buf[:n], nil
		}
	}
}

// peek reads a little further to tell what a foreign file is.
func (fr *frameReader) peek(start []byte) []byte {
	head := make([]byte, 512)
	n := copy(head, start)
	m, _ := io.ReadFull(fr.r, head[n:])
	return head[:n+m]
}

// failed turns a read error into one that can be shown; errors of the reader
// itself (a disk, a network) are passed on as the cause.
func (fr *frameReader) failed(at frame, err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return at.truncated()
	}
	return fmt.Errorf("read PBF at byte %d: %w", fr.pos, err)
}

// parseBlobHeader reads type and datasize of a BlobHeader.
func (b *blob) parseBlobHeader(m []byte) (datasize int64, err error) {
	datasize = -1
	for len(m) > 0 {
		f, rest, err := next(m)
		if err != nil {
			return 0, err
		}
		m = rest
		switch {
		case f.num == 1 && f.typ == protowire.BytesType:
			b.kind = string(f.bytes)
		case f.num == 3 && f.typ == protowire.VarintType:
			datasize = int64(int32(f.number))
		}
	}
	if b.kind == "" || datasize < 0 {
		return 0, errWire
	}
	return datasize, nil
}

// compressions are the payload fields of a Blob that are not read.
var compressions = map[protowire.Number]string{4: "lzma", 5: "bzip2", 6: "lz4"}

// open finds the payload of the blob and how it is packed.
func (b *blob) open() error {
	found := false
	size := int64(-1)
	for m := b.buf; len(m) > 0; {
		f, rest, err := next(m)
		if err != nil {
			return b.damaged("its message cannot be read", err)
		}
		m = rest
		switch f.num {
		case 2:
			size = int64(int32(f.number))
			continue
		case 1:
			b.how = packedRaw
		case 3:
			b.how = packedZlib
		case 7:
			b.how = packedZstd
		case 4, 5, 6:
			return b.compressed(compressions[f.num])
		default:
			if f.typ == protowire.BytesType && f.num > 7 {
				return b.compressed(fmt.Sprintf("an unknown method (field %d)", f.num))
			}
			continue
		}
		if f.typ != protowire.BytesType || found {
			return b.damaged("its payload is given twice or in the wrong form", errRepeated)
		}
		found, b.data = true, f.bytes
	}
	if !found {
		return b.damaged("it has no payload", nil)
	}
	if b.how == packedRaw {
		if size >= 0 && size != int64(len(b.data)) {
			return b.damaged("its size is not the stated one", nil)
		}
		b.size = len(b.data)
		return nil
	}
	if size < 0 {
		return b.damaged("its unpacked size is missing", nil)
	}
	if size > maxBlobSize {
		return b.oversized("raw_size", size, maxBlobSize)
	}
	b.size = int(size)
	return nil
}

// inflater unpacks payloads; each worker owns one.
type inflater struct {
	src  bytes.Reader
	zlib io.ReadCloser
	zstd *zstd.Decoder
}

// inflate unpacks the payload of b into buf or a larger slice. It never
// produces more than the stated size and refuses payloads that are longer or
// shorter.
func (in *inflater) inflate(b *blob, buf []byte) ([]byte, error) {
	switch b.how {
	case packedZlib:
		return in.inflateZlib(b, buf)
	case packedZstd:
		return in.inflateZstd(b, buf)
	default:
		return append(buf[:0], b.data...), nil
	}
}

func (in *inflater) inflateZlib(b *blob, buf []byte) ([]byte, error) {
	in.src.Reset(b.data)
	var err error
	if in.zlib == nil {
		in.zlib, err = zlib.NewReader(&in.src)
	} else {
		err = in.zlib.(zlib.Resetter).Reset(&in.src, nil)
	}
	if err != nil {
		in.zlib = nil
		return buf, b.damaged("its zlib data cannot be read", err)
	}
	buf, err = readBytes(in.zlib, buf, b.size)
	if err != nil {
		if err == io.ErrUnexpectedEOF && len(buf) < b.size {
			return buf, b.damaged("it unpacks to fewer bytes than stated", err)
		}
		return buf, b.damaged("its zlib data cannot be read", err)
	}
	// One more read verifies the checksum and that nothing follows.
	var more [1]byte
	switch n, err := io.ReadFull(in.zlib, more[:]); {
	case n > 0:
		return buf, b.damaged("it unpacks to more bytes than stated", nil)
	case err != io.EOF:
		return buf, b.damaged("its zlib checksum is wrong", err)
	}
	return buf, nil
}

func (in *inflater) inflateZstd(b *blob, buf []byte) ([]byte, error) {
	if in.zstd == nil {
		d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxBlobSize), zstd.WithDecoderMaxWindow(maxBlobSize))
		if err != nil {
			return buf, fmt.Errorf("start zstd: %w", err)
		}
		in.zstd = d
	}
	out, err := in.zstd.DecodeAll(b.data, buf[:0])
	if err != nil {
		return buf, b.damaged("its zstd data cannot be read", err)
	}
	if len(out) != b.size {
		return out, b.damaged("it does not unpack to the stated size", nil)
	}
	return out, nil
}

func (in *inflater) close() {
	if in.zstd != nil {
		in.zstd.Close()
	}
}
