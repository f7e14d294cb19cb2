using Pm.Cli.Ebpf;

namespace Pm.Cli.Personalities;

/// <summary>The words of <c>run</c> of other tools as <c>pm run</c> has them: what follows the program is the program's, with or without <c>--</c> between them.</summary>
static class RunWords
{
    /// <summary>Options of <c>pm run</c> that are followed by a value.</summary>
    static readonly HashSet<string> WithValue = new(StringComparer.Ordinal)
    {
        "--command", "--duration", "--event", "--map-size", "--at", "--interface", "--cgroup", "--frequency", "--btf", "--root", "--project", "--color", "--progress", "--lock-timeout", "--proxy",
    };

    /// <param name="context">The world.</param>
    /// <param name="words">What stands behind <c>run</c>.</param>
    public static IReadOnlyList<string> Of(PmContext context, IReadOnlyList<string> words)
    {
        var at = 0;
        while (at < words.Count && words[at] is ['-', _, ..] option and not "--")
        {
            at += WithValue.Contains(option) ? 2 : 1;
        }

        if (at >= words.Count || words[at] == "--")
        {
            // A pipe is what is to be run; whoever sits at a terminal is told what is missing.
            return [.. Head(words.Take(at)), .. context.Terminal.InputIsTerminal || words.Take(at).Any(w => w is "--help" or "-h") ? (string[])[] : [RunSources.StandardInput], .. words.Skip(at)];
        }

        var rest = words.Skip(at + 1).ToList();
        return [.. Head(words.Take(at)), words[at], .. rest is [] or ["--", ..] ? [] : (string[])["--"], .. rest];
    }

    static IEnumerable<string> Head(IEnumerable<string> options) => ["run", .. options];
}
