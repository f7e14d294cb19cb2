using System.Net;
using System.Text.RegularExpressions;
using Xunit;

namespace Pm.Daemon.Tests.Pages;

/// <summary>
/// Reads a page more strictly than any browser: every element is closed in its turn, every attribute quoted, nothing stands
/// there that HTML would have to guess about.
/// </summary>
sealed partial class HtmlDocument
{
    static readonly string[] Void = ["meta", "link", "input", "br", "hr", "img", "wbr"];

    /// <summary>What browsers know, of what pages are made of: of another name a browser makes something without a meaning.</summary>
    static readonly string[] Known =
    [
        .. Void, "html", "head", "title", "body", "header", "main", "footer", "nav", "section", "h1", "h2", "h3", "p", "div", "span", "a", "strong", "code",
        "pre", "bdi", "q", "time", "ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td", "form", "label", "button", "details", "summary",
    ];

    readonly List<HtmlElement> _elements = [];
    readonly Stack<(HtmlElement Element, int TextStart)> _open = new();
    readonly System.Text.StringBuilder _text = new();

    HtmlDocument(string html)
    {
        Assert.StartsWith("<!DOCTYPE html>\n<html lang=\"en\">", html, StringComparison.Ordinal);
        var at = "<!DOCTYPE html>\n".Length;
        while (at < html.Length)
        {
            at = html[at] == '<' ? Tag(html, at) : Characters(html, at);
        }

        Assert.Empty(_open);
        var ids = _elements.Select(element => element["id"]).OfType<string>().ToList();
        Assert.Equal(ids.Distinct(), ids);
    }

    /// <summary>In the order of their beginnings.</summary>
    public IReadOnlyList<HtmlElement> Elements => _elements;

    /// <summary>All that can be read, unescaped.</summary>
    public string Text => _text.ToString();

    public static HtmlDocument Parse(string html) => new(html);

    public IEnumerable<HtmlElement> All(string name) => _elements.Where(element => element.Name == name);

    public HtmlElement ById(string id) => Assert.Single(_elements, element => element["id"] == id);

    /// <summary>Where links to somewhere lead.</summary>
    public IEnumerable<string> Links => All("a").Select(link => link["href"]).OfType<string>();

    int Characters(string html, int at)
    {
        var end = html.IndexOf('<', at);
        var raw = html[at..(end < 0 ? html.Length : end)];
        CheckEscapes(raw);
        _text.Append(WebUtility.HtmlDecode(raw));
        return at + raw.Length;
    }

    int Tag(string html, int at)
    {
        var close = CloseTag().Match(html, at);
        if (close.Success)
        {
            var (element, start) = _open.Pop();
            Assert.Equal(element.Name, close.Groups[1].Value);
            element.Text = _text.ToString(start, _text.Length - start).Trim();
            return at + close.Length;
        }

        var open = OpenTag().Match(html, at);
        Assert.True(open.Success, $"no tag: {html.AsSpan(at, Math.Min(80, html.Length - at))}");
        Open(open.Groups[1].Value, open.Groups[2].Value);
        return at + open.Length;
    }

    void Open(string name, string attributes)
    {
        var element = new HtmlElement(name, Attribute().Matches(attributes).ToDictionary(
            match => match.Groups[1].Value, match => WebUtility.HtmlDecode(match.Groups[2].Value)));
        CheckEscapes(attributes);
        Assert.Contains(name, Known);
        _elements.Add(element);
        if (!Void.Contains(name))
        {
            _open.Push((element, _text.Length));
        }
    }

    static void CheckEscapes(string raw) => Assert.Empty(BareAmpersand().Matches(raw));

    [GeneratedRegex("""\G<([a-z][a-z0-9]*)((?:\s+[a-z][a-z-]*(?:="[^"<]*")?)*)\s*/?>""")]
    private static partial Regex OpenTag();

    [GeneratedRegex("""\G</([a-z][a-z0-9]*)>""")]
    private static partial Regex CloseTag();

    [GeneratedRegex("""([a-z][a-z-]*)(?:="([^"<]*)")?""")]
    private static partial Regex Attribute();

    [GeneratedRegex("&(?!#x?[0-9A-Fa-f]+;|[a-z]+;)")]
    private static partial Regex BareAmpersand();
}
