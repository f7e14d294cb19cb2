using Pm.Cli.Commands;
using Pm.Cli.Output;
using Pm.Ebpf.Pinning;

namespace Pm.Cli.Ebpf;

/// <summary>What runs on its own, by what a person calls it: <c>opens/1</c>, or <c>opens</c> where only one of that name runs.</summary>
static class PinnedNames
{
    /// <exception cref="CommandException">PM8055: several are meant; PM8056: none is.</exception>
    public static PinnedName Require(string text)
    {
        var all = PinnedObject.Names();
        return all.Where(n => $"{n}" == text || n.Name == PinnedName.Plain(text)).ToList() switch
        {
            [var only] => only,
            [] => throw Gone(text, Typo.Nearest(text, all.Select(n => n.Name))),
            var several => throw CommandException.Usage(
                "PM8055", $"several are called `{Hostile.OneLine(text)}`: {string.Join(", ", several)}", "say its number, too"),
        };
    }

    /// <summary>PM8056: it is not there.</summary>
    public static CommandException Gone(string text, string? near = null) => new(
        ExitCode.NotFound, "PM8056", $"nothing called `{Hostile.OneLine(text)}` runs on its own", near is null ? "`pm ps` lists what does" : $"did you mean `{near}`?");

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
