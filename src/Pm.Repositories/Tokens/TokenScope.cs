using Pm.Packages;

namespace Pm.Repositories.Tokens;

/// <summary>One thing that a token allows: <c>publish:GLOB</c>, <c>yank</c>, <c>yank:GLOB</c> or <c>admin</c>.</summary>
public readonly record struct TokenScope(TokenAction Action, NamePattern Names)
{
    /// <summary>How many one token has at most.</summary>
    public const int MaximumCount = 32;

    const string Forms = "expected `publish:GLOB` (`publish:*` for every package), `yank`, `yank:GLOB` or `admin`";

    /// <exception cref="RepositoryException">PM5036: no such scope.</exception>
    public static TokenScope Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var word = colon < 0 ? text : text[..colon];
        var pattern = NamePattern.Everything;
        if (colon >= 0 && !NamePattern.TryParse(text[(colon + 1)..], out pattern))
        {
            throw Wrong(text, "GLOB is a package name with `*` and `?` in it");
        }

        return (word, colon >= 0) switch
        {
            ("publish", true) => new TokenScope(TokenAction.Publish, pattern),
            ("yank", _) => new TokenScope(TokenAction.Yank, pattern),
            ("admin", false) => new TokenScope(TokenAction.Admin, pattern),
            _ => throw Wrong(text, Forms),
        };
    }

    public bool Covers(TokenAction action, PackageName name) => Action == action && Names.Covers(name);

    public override string ToString() => Action switch
    {
        TokenAction.Admin => "admin",
        TokenAction.Yank when Names.IsEverything => "yank",
        TokenAction.Yank => $"yank:{Names}",
        _ => $"publish:{Names}",
    };

    static RepositoryException Wrong(string text, string expected) =>
        new("PM5036", $"`{Trust.ShownText.Of(text)}` is no scope: {expected}", "pm help token create");
}
