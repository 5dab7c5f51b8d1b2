package demo

// name is a proper name in Chinese and English. All names are invented; that
// some street somewhere bears the same one cannot be helped.
type name struct{ zh, en string }

func (n name) and(zh, en string) name { return name{n.zh + zh, n.en + " " + en} }

// roots are the proper parts of street and compound names.
var roots = [...]name{
	{"望溪", "Wangxi"}, {"听竹", "Tingzhu"}, {"锦屏", "Jinping"}, {"棠湖", "Tanghu"}, {"云栖", "Yunqi"},
	{"青槐", "Qinghuai"}, {"梧桐", "Wutong"}, {"金桂", "Jingui"}, {"芙蓉", "Furong"}, {"银杏", "Yinxing"},
	{"翠微", "Cuiwei"}, {"碧波", "Bibo"}, {"清江", "Qingjiang"}, {"文翁", "Wenweng"}, {"海棠", "Haitang"},
	{"松涛", "Songtao"}, {"杏林", "Xinglin"}, {"春晓", "Chunxiao"}, {"晨辉", "Chenhui"}, {"静安里", "Jing'anli"},
	{"沧浪", "Canglang"}, {"百草", "Baicao"}, {"玉兰", "Yulan"}, {"枫林", "Fenglin"}, {"雁栖", "Yanqi"},
	{"鹿鸣", "Luming"}, {"蓝花楹", "Lanhuaying"}, {"橘园", "Juyuan"}, {"浣纱", "Huansha"}, {"石榴", "Shiliu"},
	{"星河", "Xinghe"}, {"明月", "Mingyue"}, {"紫荆", "Zijing"}, {"丁香", "Dingxiang"}, {"绿柳", "Lüliu"},
	{"凤栖", "Fengqi"}, {"书香", "Shuxiang"}, {"荷塘", "Hetang"}, {"竹影", "Zhuying"}, {"南薰", "Nanxun"},
	{"北辰", "Beichen"}, {"东篱", "Dongli"}, {"西岭", "Xiling"}, {"安澜", "Anlan"}, {"和煦", "Hexu"},
}

var compoundEndings = [...]name{
	{"花园", "Garden"}, {"雅苑", "Court"}, {"家园", "Homes"}, {"小区", "Estate"}, {"新村", "New Village"},
	{"公馆", "Mansions"}, {"名邸", "Residence"},
}

// compoundName returns the i-th name of a residential compound; names repeat
// only after all roots have met all endings.
func compoundName(i int) name {
	root := roots[i%len(roots)]
	round := i / len(roots)
	end := compoundEndings[(i+round)%len(compoundEndings)]
	n := root.and(end.zh, end.en)
	if phase := round / len(compoundEndings); phase > 0 {
		n = n.and(number(phase+1)+"期", "Phase "+number(phase+1))
	}
	return n
}

// streetName returns the name of the i-th street; those that run north are
// roads (路), the others streets (街).
func streetName(i int, northward bool) name {
	zh, en := "街", "Street"
	if northward {
		zh, en = "路", "Road"
	}
	root := roots[(i*7+3)%len(roots)]
	if northward {
		root = roots[(i*11+8)%len(roots)]
	}
	if round := i / len(roots); round > 0 {
		zh = number(round+1) + zh
	}
	return root.and(zh, en)
}

var sideNames = [4]name{{"南", "South"}, {"东", "East"}, {"北", "North"}, {"西", "West"}}
