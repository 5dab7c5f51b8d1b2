package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"yizhan/geo"
)

// problemType is a row of the table of problems: RFC 9457's type, title and
// status. The type is the reference "/docs#slug", where people can read on.
type problemType struct {
	slug   string
	status int
	title  geo.Text
	// todo is the detail where the fault has none of its own.
	todo geo.Text
}

// problemKind indexes problemTypes.
type problemKind uint8

const (
	probInternal problemKind = iota
	probParameter
	probRequest
	probNotFound
	probMethod
	probTimeoutRead
	probBody
	probURI
	probHeader
	probUnavailable
	probTimeout
	probToken
	probForbidden
	probMedia
	probNoEffect
	probPrecondition
	probRange
)

var problemTypes = [...]problemType{
	probInternal: {"internal", 500, geo.Text{Zh: "服务器内部错误", En: "Internal error"},
		geo.Text{Zh: "这是我们的问题，已记录。请稍后重试；反馈时请附上请求编号。", En: "The fault is ours and has been logged. Try again later; quote the request id when reporting it."}},
	probParameter: {"invalid-parameter", 400, geo.Text{Zh: "参数有误", En: "Invalid parameter"},
		geo.Text{Zh: "请按 /docs 的说明检查参数。", En: "Check the parameters against /docs."}},
	probRequest: {"malformed-request", 400, geo.Text{Zh: "请求格式有误", En: "Malformed request"},
		geo.Text{Zh: "请求不符合 HTTP/1.1，请检查客户端。", En: "The request is not valid HTTP/1.1; check the client."}},
	probNotFound: {"not-found", 404, geo.Text{Zh: "未找到", En: "Not found"},
		geo.Text{Zh: "这里没有内容，全部接口见 /docs。", En: "There is nothing here; see /docs for every endpoint."}},
	probMethod: {"method-not-allowed", 405, geo.Text{Zh: "不支持的请求方法", En: "Method not allowed"},
		geo.Text{Zh: "请改用 Allow 响应头列出的方法。", En: "Use one of the methods in the Allow header."}},
	probTimeoutRead: {"request-timeout", 408, geo.Text{Zh: "请求接收超时", En: "Request timeout"},
		geo.Text{Zh: "请求没有及时发完，请重新发送。", En: "The request did not arrive in time; send it again."}},
	probBody: {"body-too-large", 413, geo.Text{Zh: "请求体过大", En: "Content too large"},
		geo.Text{Zh: "请求体超出上限；查询接口不需要请求体。", En: "The body is over the limit; queries need no body."}},
	probURI: {"uri-too-long", 414, geo.Text{Zh: "网址过长", En: "URI too long"},
		geo.Text{Zh: "请缩短网址，最长 8192 字节。", En: "Shorten the address to 8192 bytes at most."}},
	probHeader: {"header-too-large", 431, geo.Text{Zh: "请求头过大", En: "Header fields too large"},
		geo.Text{Zh: "请减少请求头，总共最多 16 KiB。", En: "Send fewer or shorter headers, 16 KiB in all."}},
	probUnavailable: {"unavailable", 503, geo.Text{Zh: "暂不可用", En: "Unavailable"},
		geo.Text{Zh: "数据尚未载入，请稍后重试。", En: "The data is not loaded yet; try again shortly."}},
	probTimeout: {"timeout", 503, geo.Text{Zh: "计算超时", En: "Timed out"},
		geo.Text{Zh: "没有在限定时间内算完，请缩小范围后重试。", En: "The answer was not ready in time; ask for less, or try again."}},
	probToken: {"token-required", 401, geo.Text{Zh: "需要令牌", En: "Token required"},
		geo.Text{Zh: "修改需要令牌：请带上请求头 Authorization: Bearer 令牌；令牌由服务器管理员保管。", En: "Changes need a token: send the header Authorization: Bearer TOKEN; whoever runs the server has it."}},
	probForbidden: {"read-only", 403, geo.Text{Zh: "本服务器只读", En: "Read-only server"},
		geo.Text{Zh: "没有设置令牌，任何人都不能修改：请用 yizhan serve --token-file 文件 或环境变量 YIZHAN_TOKEN 设置后重启。", En: "No token is set, so nobody may change anything: start the server with yizhan serve --token-file FILE or the environment variable YIZHAN_TOKEN."}},
	probMedia: {"unsupported-media-type", 415, geo.Text{Zh: "请求体类型不支持", En: "Unsupported media type"},
		geo.Text{Zh: "请求体应为未压缩的 JSON，并带上请求头 Content-Type: application/json。", En: "Send the body as plain JSON with the header Content-Type: application/json."}},
	probPrecondition: {"precondition-failed", 412, geo.Text{Zh: "已被改动", En: "Precondition failed"},
		geo.Text{Zh: "在你读取之后，这个地点被修改或删除了：请重新读取，再改一次。", En: "The place was changed or removed since you read it: read it again, then make your change anew."}},
	probNoEffect: {"no-effect", 422, geo.Text{Zh: "不起作用", En: "No effect"},
		geo.Text{Zh: "这里没有可以封闭或开放的道路和出入口，请检查位置。", En: "There is no street and no gate to close or open there; check the position."}},
	probRange: {"range-not-satisfiable", 416, geo.Text{Zh: "范围无效", En: "Range not satisfiable"},
		geo.Text{Zh: "Range 超出文件末尾，请去掉或改小。", En: "The Range begins behind the end of the file: leave it out or ask for an earlier part."}},
}

// fault is an error on its way to becoming a problem document.
type fault struct {
	kind   problemKind
	detail geo.Text
	// param is the query or path parameter at fault, "" where none is.
	param string
	// allow is the Allow header of a 405.
	allow string
	// cause is for the log only.
	cause error
}

func (f *fault) Error() string {
	s := problemTypes[f.kind].slug
	if f.param != "" {
		s += " " + f.param
	}
	if !f.detail.IsZero() {
		s += ": " + f.detail.En
	}
	if f.cause != nil {
		s += ": " + f.cause.Error()
	}
	return s
}

func (f *fault) Unwrap() error { return f.cause }

// badParam returns a 400 that names the parameter.
func badParam(name, zh, en string) *fault {
	return &fault{kind: probParameter, param: name, detail: geo.Text{
		Zh: fmt.Sprintf("参数 %s：%s", name, zh),
		En: fmt.Sprintf("parameter %s: %s", name, en),
	}}
}

// badParamErr is badParam with the message of a geo.Error, or with a general
// one where err carries none.
func badParamErr(name string, err error) *fault {
	var e *geo.Error
	if errors.As(err, &e) {
		return badParam(name, e.Message.Zh, e.Message.En)
	}
	return badParam(name, "无法读取，请按 /docs 的说明填写。", "cannot be read; see /docs for its form")
}

// notFound returns a 404 that says what was looked for.
func notFound(zh, en string) *fault {
	return &fault{kind: probNotFound, detail: geo.Text{Zh: zh, En: en}}
}

// faultOf turns any error into a fault. Errors that carry no message for
// people become "internal" and keep their cause for the log.
func faultOf(err error) *fault {
	var f *fault
	if errors.As(err, &f) {
		return f
	}
	var e *geo.Error
	if errors.As(err, &e) {
		f := &fault{detail: e.Message, cause: e.Err}
		switch e.Code {
		case geo.Invalid, geo.TooLarge:
			f.kind = probParameter
		case geo.NotFound:
			f.kind = probNotFound
		case geo.Unavailable:
			f.kind = probUnavailable
		case geo.Timeout:
			f.kind = probTimeout
		default:
			f.kind, f.detail, f.cause = probInternal, geo.Text{}, e
		}
		return f
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return &fault{kind: probTimeout, cause: err}
	}
	if errors.Is(err, context.Canceled) {
		return &fault{kind: probUnavailable, cause: err, detail: geo.Text{
			Zh: "服务器正在停止，请稍后重试。", En: "The server is stopping; try again shortly."}}
	}
	var fe *fiber.Error
	if errors.As(err, &fe) {
		for kind, t := range problemTypes {
			if t.status == fe.Code && problemKind(kind) != probParameter {
				return &fault{kind: problemKind(kind), cause: err}
			}
		}
	}
	return &fault{kind: probInternal, cause: err}
}

// problem is the body of an error answer (RFC 9457). Instance is the request
// id as a fragment of the address asked for. Parameter, a member of ours,
// names the parameter at fault.
type problem struct {
	Type      string `json:"type"`
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Detail    string `json:"detail"`
	Instance  string `json:"instance"`
	Parameter string `json:"parameter,omitempty"`
}

// writeProblem replaces whatever stands in the response by a problem document
// and returns its status. It works on fasthttp's context because some faults
// (malformed HTTP, an unknown method) never reach the router.
func writeProblem(ctx *fasthttp.RequestCtx, f *fault, requestID string) int {
	t := &problemTypes[f.kind]
	lang := negotiateLang(string(ctx.Request.Header.Peek(fasthttp.HeaderAcceptLanguage)))
	detail := f.detail
	if detail.IsZero() {
		detail = t.todo
	}
	body, err := json.Marshal(problem{
		Type:      "/docs#" + t.slug,
		Title:     t.title.In(lang),
		Status:    t.status,
		Detail:    detail.In(lang),
		Instance:  "#" + requestID,
		Parameter: f.param,
	})
	if err != nil { // strings and an int always marshal
		body = []byte(`{}`)
	}
	h := &ctx.Response.Header
	ctx.Response.ResetBody()
	ctx.SetStatusCode(t.status)
	h.SetContentType("application/problem+json")
	h.Set(fasthttp.HeaderContentLanguage, contentLanguage(lang))
	h.Set(fasthttp.HeaderCacheControl, "no-store")
	h.Set(fasthttp.HeaderVary, fasthttp.HeaderAcceptLanguage)
	for _, name := range []string{fasthttp.HeaderETag, fasthttp.HeaderContentEncoding, fasthttp.HeaderLastModified} {
		h.Del(name)
	}
	setCommonHeaders(&ctx.Response)
	if f.allow != "" {
		h.Set(fasthttp.HeaderAllow, f.allow)
	}
	if t.status == fasthttp.StatusUnauthorized {
		h.Set(fasthttp.HeaderWWWAuthenticate, `Bearer realm="yizhan"`)
	}
	if t.status == fasthttp.StatusServiceUnavailable {
		h.Set(fasthttp.HeaderRetryAfter, "2")
	}
	ctx.Response.SetBodyRaw(body)
	return t.status
}

// contentLanguage returns the BCP 47 tag of a language of the interface.
func contentLanguage(lang geo.Lang) string {
	if lang == geo.English {
		return "en"
	}
	return "zh-CN"
}
