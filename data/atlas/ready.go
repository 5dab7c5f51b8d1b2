package atlas

import (
	"runtime"

	"yizhan/geo/datum"
	"yizhan/geo/index"
)

// ReadyFeatures returns the features of the first slots of a run, which is not
// empty, in a datum as they lie ready: each with a comma behind it. n is how
// many they are; where text is nil, so many do not lie ready and are for
// AppendFeatures.
//
// The text is lent. It may be handed to a call of the system while the Atlas is
// held, by runtime.KeepAlive if need be, and is not to be read otherwise: it
// may be a file's, whose disk is gone. A call that fails with EFAULT says so;
// LoseReadyFeatures is for that case.
func (a *Atlas) ReadyFeatures(r index.Run, d datum.Datum) (text []byte, n int) {
	return a.readySheet(d).ready(r)
}

// LoseReadyFeatures says that what ReadyFeatures lent can be read no more. It
// lends nothing from then on.
func (a *Atlas) LoseReadyFeatures() {
	if s := a.fragments[0].sheet; s != nil {
		s.lose()
	}
}

// readySheet is nil where features are not ready in a datum.
func (a *Atlas) readySheet(d datum.Datum) *sheet {
	if d != datum.WGS84 && d != "" || a.fragments[0] == nil {
		return nil
	}
	return a.fragments[0].sheet
}

// AppendFeatures appends places, each as AppendFeature does, with a comma
// between two. It is fastest where the runs are few, as those of a box are. It
// allocates nothing where dst has room.
func (a *Atlas) AppendFeatures(dst []byte, runs []index.Run, d datum.Datum) []byte {
	sheet, begin := a.readySheet(d), len(dst)
	for _, r := range runs {
		for r.Len() > 0 {
			text, n := sheet.ready(r)
			ok := false
			if text != nil {
				dst, ok = sheet.append(dst, text)
			}
			for end := r.From + index.Slot(n); r.From < end; r.From++ {
				if !ok {
					dst = append(a.joinFeature(dst, r.From, d, nil, nil), ',')
				}
			}
		}
	}
	runtime.KeepAlive(a)
	return dst[:max(begin, len(dst)-1)]
}
