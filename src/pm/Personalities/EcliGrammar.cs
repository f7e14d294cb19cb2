using Pm.Cli.Commands;

namespace Pm.Cli.Personalities;

/// <summary>The command line of eunomia's <c>ecli</c>: <c>ecli run [-j] [-p TYPE] PATH|URL|NAME|- [FLAG…]</c>.</summary>
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
            case ["run", ..]:
                return Dispatch.RunPmAsync(context, RunWords.Of(context, Options([.. arguments.Skip(1)])));
            case ["push" or "pull" or "login" or "logout" or "server" or "client", ..]:
                throw CommandException.Usage("PM1004", $"`ecli {arguments[0]}` is not in pm {Product.Version}", "`pm help publish` and `pm help fetch` show how programs are given to others");
            default:
                throw CommandException.Usage("PM1001", $"unknown command `{Output.Hostile.OneLine(arguments[0])}`", "`ecli help` lists the commands");
        }
    }

    /// <summary>Its options, up to the program, as pm has them. The type of a program is decided by what is in it.</summary>
    static List<string> Options(List<string> words)
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
                    return [.. result, .. words.Skip(i)];
            }
        }

        return result;
    }

    static void WriteHelp(PmContext context)
    {
        context.Terminal.Data("ecli: runs eBPF programs, by pm.");
        context.Terminal.Data("");
        context.Terminal.Data("  ecli run [-j] PROGRAM [FLAG…]");
        context.Terminal.Data("");
        context.Terminal.Data("PROGRAM is a file, a URL, a name in $ECLI_REGISTRY, or `-` for standard input, which is read too where no");
        context.Terminal.Data("program is named. What it is its content says: an eBPF object, package.json, or an archive with one.");
        context.Terminal.Data("FLAG is the program's own; --help shows them. -j writes JSON. Options and manual are those of `pm help run`.");
    }
}
