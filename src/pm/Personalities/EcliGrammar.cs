using Pm.Cli.Commands;

namespace Pm.Cli.Personalities;

/// <summary>The command line of eunomia's <c>ecli</c>: <c>ecli run [-j] [-p TYPE] PATH|URL|REFERENCE|NAME|- [FLAG…]</c>, <c>ecli pull [-i] [-o FILE] REFERENCE</c>, <c>ecli push [-i] -m FILE REFERENCE</c>.</summary>
static class EcliGrammar
{
    /// <exception cref="CommandException">PM1001: it is no command of it; PM1004: this release does not have it.</exception>
    public static ValueTask<ExitCode> RunAsync(PmContext context, IReadOnlyList<string> arguments)
    {
        switch (arguments)
        {
            case [] or ["help" or "--help" or "-h", ..]:
                WriteHelp(context);
                return ValueTask.FromResult(ExitCode.Ok);
            case ["pull" or "push", "help" or "--help" or "-h", ..]:
                return Dispatch.RunPmAsync(context, ["pkg", arguments[0], "--help"]);
            case ["run", ..]:
                return Dispatch.RunPmAsync(context, RunWords.Of(context, Options(context, [.. arguments.Skip(1)])));
            case ["pull", ..]:
                return Dispatch.RunPmAsync(context, Pull([.. arguments.Skip(1)]));
            case ["push", ..]:
                return Dispatch.RunPmAsync(context, Push([.. arguments.Skip(1)]));
            case ["login" or "logout" or "server" or "client", ..]:
                throw CommandException.Usage("PM1004", $"`ecli {arguments[0]}` is not in pm {Product.Version}", arguments[0] is "login" or "logout" ? Logins : "`pm help publish` and `pm help fetch` show how programs are given to others");
            default:
                throw CommandException.Usage("PM1001", $"unknown command `{Output.Hostile.OneLine(arguments[0])}`", "`ecli help` lists the commands");
        }
    }

    /// <summary>Its options, up to the program, as pm has them. The type of a program is decided by what is in it.</summary>
    static List<string> Options(PmContext context, List<string> words)
    {
        var result = new List<string>();
        for (var i = 0; i < words.Count; i++)
        {
            switch (words[i])
            {
                case "-j":
                    result.Add("--json");
                    break;
                case "-p" or "--prog-type" when i + 1 < words.Count:
                    i++;
                    break;
                case ['-', _, ..] option and not "--":
                    result.Add(option);
                    break;
                default:
                    return [.. result, IsReference(words[i]) && !Path.Exists(context.FullPath(words[i])) && !Ebpf.EcliRegistry.MayHave(context, words[i]) ? Scheme + words[i] : words[i], .. words.Skip(i + 1)];
            }
        }

        return result;
    }

    const string Scheme = "oci://";

    const string Logins = "names and passwords are read where `docker login HOST` keeps them: `pm help pkg pull`";

    /// <summary><c>HOST/NAME[:TAG]</c> of a registry: what stands before the first slash can only be a host.</summary>
    static bool IsReference(string word) => word.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash
        && char.IsAsciiLetterOrDigit(word[0]) && (word[..slash] == "localhost" || word.AsSpan(0, slash).ContainsAny('.', ':'))
        && !word.Contains("//", StringComparison.Ordinal) && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or ':' or '/' or '@');

    static List<string> Pull(List<string> words)
    {
        var (output, rest, options) = Take(words, "pull", "-o", "--output");
        return rest is [var reference] ? ["pkg", "pull", Referred(reference), .. output is null ? (string[])[] : ["--output", output], .. options]
            : throw CommandException.Usage("PM1002", "`ecli pull` takes one reference", "`ecli pull [-i] [-o FILE] HOST/NAME[:TAG]`");
    }

    static List<string> Push(List<string> words)
    {
        var (file, rest, options) = Take(words, "push", "-m", "--module");
        return rest is [var reference] && file is not null ? ["pkg", "push", file, Referred(reference), .. options]
            : throw CommandException.Usage("PM1002", "`ecli push` takes a file and one reference", "`ecli push [-i] -m FILE HOST/NAME[:TAG]`");
    }

    static string Referred(string reference) => reference.Contains("://", StringComparison.Ordinal) ? reference : Scheme + reference;

    /// <summary>The file that an option names, what is no option of ecli's, and pm's options for those that are.</summary>
    static (string? File, List<string> Others, List<string> Options) Take(List<string> words, string verb, string letter, string name)
    {
        string? file = null;
        List<string> rest = [], options = [];
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i] == letter || words[i] == name)
            {
                file = i + 1 < words.Count ? words[++i] : throw CommandException.Usage("PM1002", $"`{letter}` takes a file", $"`pm help pkg {verb}`");
            }
            else if (words[i] is "-i" or "--insecure")
            {
                options.Add("--allow-http");
            }
            else if (words[i] is ['-', _, ..] option)
            {
                throw CommandException.Usage("PM1004", $"`ecli {verb} {Output.Hostile.OneLine(option)}` is not in pm {Product.Version}", Logins);
            }
            else
            {
                rest.Add(words[i]);
            }
        }

        return (file, rest, options);
    }

    static void WriteHelp(PmContext context)
    {
        context.Terminal.Data("ecli: runs eBPF programs, by pm.");
        context.Terminal.Data("");
        context.Terminal.Data("  ecli run [-j] PROGRAM [FLAG…]");
        context.Terminal.Data("  ecli pull [-i] [-o FILE] HOST/NAME[:TAG]");
        context.Terminal.Data("  ecli push [-i] -m FILE HOST/NAME[:TAG]");
        context.Terminal.Data("");
        context.Terminal.Data("PROGRAM is a file, a URL, HOST/NAME[:TAG] of a registry, a name in $ECLI_REGISTRY, or `-` for standard input, which is read too where no");
        context.Terminal.Data("program is named. What it is its content says: an eBPF object, package.json, or an archive with one.");
        context.Terminal.Data("FLAG is the program's own, behind its name or `-`; --help there shows them. -j writes JSON, -i has a registry asked without TLS. Options and manual are those of `pm help run`.");
    }
}
