using System.Buffers;
using System.Collections.Immutable;

namespace Pm.Remotes;

/// <summary>A remote as it is configured.</summary>
public sealed record RemoteDefinition
{
    const int MaximumLength = 64;

    static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <exception cref="RemoteException">PM6001: <paramref name="name"/> cannot be a remote's.</exception>
    public RemoteDefinition(string name, RemoteUrl url)
    {
        Name = IsName(name)
            ? name
            : throw new RemoteException("PM6001",
                $"remote name `{name}`: expected a letter or digit, then a-z, 0-9, `.`, `_` and `-`, at most {MaximumLength}");
        Url = url;
    }

    /// <summary>How messages and options call it; also the name of its directory.</summary>
    public string Name { get; }

    /// <summary>The first place that is asked.</summary>
    public RemoteUrl Url { get; init; }

    /// <summary>Further places that have the same, in their order. None of them is trusted.</summary>
    public ImmutableArray<RemoteUrl> Mirrors { get; init; } = [];

    /// <summary>Whether it has the original's unsigned list in place of TUF metadata: somebody said so, it is never found out.</summary>
    public bool IsPlain { get; init; }

    /// <summary>All places in the order in which they are asked.</summary>
    public IEnumerable<RemoteUrl> Places => Mirrors.Prepend(Url);

    /// <summary>Whether all of it is on this machine.</summary>
    public bool IsNear => Places.All(p => p.Kind is RemoteKind.File);

    public static bool IsName(string text) => text.Length is > 0 and <= MaximumLength
        && char.IsAsciiLetterOrDigit(text[0]) && !text.AsSpan().ContainsAnyExcept(Allowed);

    /// <summary>A name that is made of the URL, not used by <paramref name="others"/>: its last part, else <c>remote</c>.</summary>
    public static string SuggestName(RemoteUrl url, IReadOnlyCollection<string> others)
    {
        var letters = (url.LastPart ?? "").ToLowerInvariant().Select(letter => Allowed.Contains(letter) ? letter : '-');
        var part = string.Concat(letters).TrimStart('-', '.', '_');
        var name = IsName(part) ? part : "remote";
        for (var number = 2; others.Contains(name); number++)
        {
            name = $"{(IsName(part) && part.Length < MaximumLength - 5 ? part : "remote")}-{number}";
        }

        return name;
    }
}
