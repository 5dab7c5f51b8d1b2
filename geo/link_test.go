package geo

import "testing"

func TestCleanURL(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"https://example.org/a?b=c;d#e", "https://example.org/a?b=c;d#e"},
		{"HTTP://Example.org", "http://Example.org"},
		{" www.example.com/路 ", "https://www.example.com/路"},
		{"example.com:8080/x", "https://example.com:8080/x"},
		{"//example.com/x", "https://example.com/x"},
		{"上海图书馆.中国", "https://上海图书馆.中国"},
		{"https://a.example;https://b.example", "https://a.example"},
		{"https://a.example/, https://b.example/", "https://a.example/"},
		{"http://localhost:8080/", "http://localhost:8080/"},
		{"javascript:alert(1)", ""},
		{"JaVaScRiPt://example.com/%0aalert(1)", ""},
		{"java\nscript:alert(1)", ""},
		{"javascript:1", ""},
		{"data:text/html,<script>", ""},
		{"data:text/html;base64,eA==", ""},
		{"vbscript:x", ""},
		{"file:///etc/passwd", ""},
		{"ftp://example.com", ""},
		{"mailto:a@example.com", ""},
		{"a@example.com", ""},
		{"https://example.com@evil.example/", ""},
		{"https://", ""},
		{"https://exa\"mple.com/", ""},
		{`https:\\example.com`, ""},
		{"无", ""},
		{"见公众号", ""},
		{"12.5", ""},
		{"", ""},
	} {
		if got := CleanURL(c.in); got != c.want {
			t.Errorf("%q: %q, want %q", c.in, got, c.want)
		}
	}
}

func FuzzCleanURL(f *testing.F) {
	for _, s := range []string{"https://a.example", "a.example;http://b", "javascript:alert(1)", "HTTPS://é.fr/;,"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := CleanURL(s)
		if again := CleanURL(once); again != once {
			t.Errorf("%q: %q, then %q", s, once, again)
		}
	})
}

func TestCleanPhone(t *testing.T) {
	for in, want := range map[string]string{
		" 028-8765 4321 转 3 ": "028-8765 4321 转 3", "１２３": "１２３", "无": "", "-": "", "": "",
	} {
		if got := CleanPhone(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
