using Pm.Cli.Commands;
using Pm.Cli.Output;
using Pm.Ebpf.Pinning;

namespace Pm.Cli.Ebpf;

/// <summary>What runs on its own, by what a person calls it: <c>opens/1</c>, or <c>opens</c> where only one of that name runs.</summary>
static class PinnedNames
{
    /// <exception cref="CommandException">PM8055: several are meant; PM8056: none is.</exception>
    public static PinnedName Require(string text) => Among(PinnedObject.Names(), text);

    /// <inheritdoc cref="Require"/>
    internal static PinnedName Among(IReadOnlyCollection<PinnedName> all, string text) =>
        all.Where(n => $"{n}" == text || n.Name == PinnedName.Plain(text)).ToList() switch
        {
            [var only] => only,
            [] => throw Gone(text, Near(text, all)),
            var several => throw CommandException.Usage(
                "PM8055", $"several are called `{Hostile.OneLine(text)}`: {string.Join(", ", several)}", $"say its number, too: {Listed(several)}"),
        };

    /// <summary>PM8056: it is not there.</summary>
    /// <param name="text">As typed.</param>
    /// <param name="near">What may have been meant, in backquotes.</param>
    public static CommandException Gone(string text, string? near = null) => new(
        ExitCode.NotFound, "PM8056", $"nothing called `{Hostile.OneLine(text)}` runs on its own", near is null ? "`pm ps` lists what does" : $"did you mean {near}?");

    /// <summary>What may have been meant by a word that is called nothing: with its numbers where the name alone would mean several. Null where nothing is near.</summary>
    static string? Near(string text, IReadOnlyCollection<PinnedName> all)
    {
        var before = text.LastIndexOf('/') is >= 0 and var slash ? text[..slash] : text;
        var name = all.Any(n => n.Name == before) ? before : Typo.Nearest(before, all.Select(n => n.Name).Distinct());
        return all.Where(n => n.Name == name).ToList() switch
        {
            [] => null,
            [var only] => before == text ? $"`{only.Name}`" : $"`{only}`",
            var several => Listed(several),
        };
    }

    /// <summary>All of them; the first few where they are many.</summary>
    static string Listed(List<PinnedName> names)
    {
        const int most = 5;
        var shown = names.OrderBy(n => n.Name, StringComparer.Ordinal).ThenBy(n => n.Number).Take(most).Select(n => $"`{n}`").ToList();
        return names.Count > most ? $"{string.Join(", ", shown)} …" : shown.Count == 1 ? shown[0] : $"{string.Join(", ", shown.SkipLast(1))} or {shown[^1]}";
    }

    /// <summary>Names for a shell.</summary>
    public static IEnumerable<string> Complete(PmContext context, string prefix)
    {
        try
        {
            return [.. PinnedObject.Names().Select(n => $"{n}").Where(n => n.StartsWith(prefix, StringComparison.Ordinal))];
        }
        catch (Pm.Ebpf.Loading.BpfException)
        {
            return [];
        }
    }
}
