package cql2

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf8"
)

// ParseJSON reads a filter in CQL2 JSON, at most MaxJSON bytes. An error says
// at which character what was expected.
func ParseJSON(b []byte) (*Filter, error) {
	if len(b) > MaxJSON {
		return nil, tooLong(MaxJSON)
	}
	if !utf8.Valid(b) {
		return nil, notUTF8()
	}
	p := &jsonParser{decoder: json.NewDecoder(bytes.NewReader(b))}
	p.decoder.UseNumber()
	root, problem := p.parse()
	if problem != nil {
		return nil, wrong(string(b), p.failed, problem)
	}
	return &Filter{root: root}, nil
}

// jsonDepth is how deep arrays and objects may be nested: an operation is an
// object and an array, a geometry has at most five more.
const jsonDepth = 2*maxDepth + 6

// jsonValue is a value of a document, with where it ends.
type jsonValue struct {
	at     int
	any    any // string, json.Number, bool, nil; or as below
	items  []jsonValue
	object map[string]jsonValue
	array  bool
}

type jsonParser struct {
	decoder *json.Decoder
	failed  int
	count   vertices
}

func (p *jsonParser) parse() (*node, *problem) {
	v, problem := p.read(0)
	if problem != nil {
		return nil, problem
	}
	if _, err := p.decoder.Token(); err != io.EOF {
		p.failed = int(p.decoder.InputOffset())
		return nil, trailing()
	}
	root, problem := p.expression(v)
	if problem != nil {
		return nil, problem
	}
	if root.kind() != Boolean {
		p.failed = v.at
		return nil, expected("条件对象，例如 {\"op\":\"=\",\"args\":[…]}", `a condition, such as {"op":"=","args":[…]}`, "…")
	}
	return root, nil
}

func trailing() *problem {
	return &problem{"JSON 之后还有内容。", "there is more after the JSON value"}
}

// read takes one value off the document.
func (p *jsonParser) read(depth int) (jsonValue, *problem) {
	t, err := p.decoder.Token()
	v := jsonValue{at: max(int(p.decoder.InputOffset())-1, 0)}
	p.failed = v.at
	if err != nil {
		return v, &problem{"不是有效的 JSON。", "it is not valid JSON"}
	}
	delim, nested := t.(json.Delim)
	if !nested {
		v.any = t
		if s, ok := t.(string); ok {
			return v, checkString(s)
		}
		return v, nil
	}
	if depth >= jsonDepth {
		return v, tooDeep()
	}
	v.array = delim == '['
	if !v.array {
		v.object = map[string]jsonValue{}
	}
	for p.decoder.More() {
		key := ""
		if !v.array {
			t, err := p.decoder.Token()
			name, ok := t.(string)
			if err != nil || !ok {
				return v, &problem{"不是有效的 JSON。", "it is not valid JSON"}
			}
			if _, twice := v.object[name]; twice {
				p.failed = int(p.decoder.InputOffset()) - 1
				return v, &problem{"成员 " + shorten(name) + " 出现了两次。", "the member " + shorten(name) + " is there twice"}
			}
			key = name
		}
		item, problem := p.read(depth + 1)
		if problem != nil {
			return v, problem
		}
		if v.array {
			v.items = append(v.items, item)
		} else {
			v.object[key] = item
		}
	}
	if _, err := p.decoder.Token(); err != nil {
		p.failed = int(p.decoder.InputOffset())
		return v, &problem{"不是有效的 JSON。", "it is not valid JSON"}
	}
	return v, nil
}

// fail notes where a problem is.
func (p *jsonParser) fail(v jsonValue, problem *problem) *problem {
	p.failed = v.at
	return problem
}

func (p *jsonParser) expression(v jsonValue) (*node, *problem) {
	switch x := v.any.(type) {
	case string:
		return literal(Text(x)), nil
	case bool:
		return literal(Bool(x)), nil
	case json.Number:
		f, problem := parseNumber(x.String())
		if problem != nil {
			return nil, p.fail(v, problem)
		}
		return literal(Num(f)), nil
	}
	if v.object == nil {
		return nil, p.fail(v, &problem{"这里应为属性、值或运算。", "expected a property, a value or an operation"})
	}
	for _, kind := range []struct {
		member string
		read   func(jsonValue) (*node, *problem)
	}{
		{"op", func(op jsonValue) (*node, *problem) { return p.operation(v, op) }},
		{"property", p.property},
		{"date", func(d jsonValue) (*node, *problem) { return p.instant(d, parseDate) }},
		{"timestamp", func(t jsonValue) (*node, *problem) { return p.instant(t, parseTimestamp) }},
		{"type", func(jsonValue) (*node, *problem) { return p.geometry(v) }},
		{"bbox", p.box},
	} {
		if member, ok := v.object[kind.member]; ok {
			return kind.read(member)
		}
	}
	return nil, p.fail(v, &problem{
		"对象需要成员 op、property、date、timestamp、bbox 或 type。",
		"the object needs a member op, property, date, timestamp, bbox or type",
	})
}

func (p *jsonParser) property(v jsonValue) (*node, *problem) {
	name, ok := v.any.(string)
	if !ok {
		return nil, p.fail(v, &problem{"property 应为属性名。", "property must be a name"})
	}
	if problem := checkName(name); problem != nil {
		return nil, p.fail(v, problem)
	}
	return property(name), nil
}

func (p *jsonParser) instant(v jsonValue, read func(string) (Value, *problem)) (*node, *problem) {
	s, _ := v.any.(string)
	value, problem := read(s)
	if problem != nil {
		return nil, p.fail(v, problem)
	}
	return literal(value), nil
}

// operation reads an object with op and args.
func (p *jsonParser) operation(v, name jsonValue) (*node, *problem) {
	word, _ := name.any.(string)
	o, ok := opNamed(word)
	if !ok {
		return nil, p.fail(name, unknownOperation(word))
	}
	args := v.object["args"]
	if !args.array {
		return nil, p.fail(name, &problem{"运算需要数组成员 args。", "an operation needs an array args"})
	}
	least, most := arity(o)
	if n := len(args.items); n < least || n > most {
		return nil, p.fail(args, &problem{
			fmt.Sprintf("%s 的操作数个数不对。", opNames[o]),
			fmt.Sprintf("%s does not take %d operands", opNames[o], n),
		})
	}
	items := args.items
	if o == opIn {
		if !items[1].array || len(items[1].items) == 0 {
			return nil, p.fail(items[1], &problem{"in 的第二个操作数应为非空数组。", "the second operand of in must be an array that is not empty"})
		}
		items = append([]jsonValue{items[0]}, items[1].items...)
	}
	operands := make([]*node, len(items))
	for i, item := range items {
		var problem *problem
		if o.isArray() && item.array {
			operands[i], problem = p.list(item)
		} else {
			operands[i], problem = p.expression(item)
		}
		if problem != nil {
			return nil, problem
		}
	}
	n, problem := combine(o, operands...)
	if problem != nil {
		return nil, p.fail(name, problem)
	}
	return n, nil
}

func opNamed(word string) (op, bool) {
	for o, known := range opNames {
		if known != "" && known == word {
			return op(o), true
		}
	}
	return 0, false
}

func unknownOperation(word string) *problem {
	var list []byte
	for _, known := range opNames {
		if known != "" {
			list = append(append(list, ' '), known...)
		}
	}
	word = shorten(word)
	return &problem{
		fmt.Sprintf("没有运算 %q，可用：%s。", word, list[1:]),
		fmt.Sprintf("there is no operation %q: use one of %s", word, list[1:]),
	}
}

// arity is the least and the greatest number of operands.
func arity(o op) (least, most int) {
	switch {
	case o == opNot, o == opIsNull, o.isFold():
		return 1, 1
	case o == opBetween:
		return 3, 3
	case o == opAnd, o == opOr:
		return 2, MaxJSON
	}
	return 2, 2
}

// list reads an array of texts.
func (p *jsonParser) list(v jsonValue) (*node, *problem) {
	items := make([]string, len(v.items))
	for i, item := range v.items {
		s, ok := item.any.(string)
		if !ok {
			return nil, p.fail(item, &problem{"列表只能含文本。", "a list may only hold texts"})
		}
		items[i] = s
	}
	return literal(List(items)), nil
}
