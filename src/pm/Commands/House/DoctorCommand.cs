using System.CommandLine;
using System.Globalization;
using Pm.Cli.Checks;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Ebpf.Fitting;
using Pm.Packages;
using Pm.Remotes;
using Pm.Storage;
using Pm.Trust;

namespace Pm.Cli.Commands.House;

/// <summary><c>pm doctor</c></summary>
static class DoctorCommand
{
    public const string Summary = "check that this machine has what pm needs";

    public static CommandDeclaration Declare()
    {
        var url = new Argument<string?>("URL") { Description = "look at the way to this http(s) URL, or to a remote by its name, and at nothing else", Arity = ArgumentArity.ZeroOrOne };
        var ebpf = new Option<bool>("--ebpf") { Description = "look at what this kernel can do for eBPF programs, and at nothing else; programs are tried" };
        return new CommandDeclaration
        {
            Arguments = [url],
            Options = [ebpf],
            Takes = CommonOptions.Reads | CommonOptions.Network,
            Exits = [ExitCode.NotFound, ExitCode.Findings],
            Complete = Remotes.RemoteNames.Complete,
            RunAsync = (context, parsed) => parsed.Given(ebpf) ? ValueTask.FromResult(LookAtKernel(context, parsed.Given(url))) : RunAsync(context, parsed.Given(url)),
        };
    }

    static async ValueTask<ExitCode> RunAsync(PmContext context, string? url)
    {
        var results = url is null
            ? [.. CheckTable.Entries.Select(c => (c.Name, Finding: Look(c, context)))]
            : await ConnectionChecks.LookAsync(context, WayTo(context, url));
        return Show(context, results, null);
    }

    static ExitCode LookAtKernel(PmContext context, string? url)
    {
        if (url is not null)
        {
            throw CommandException.Usage("PM1002", "`--ebpf` looks at this machine, and a URL or a remote was named", "leave one of them");
        }

        var checks = new KernelChecks(context);
        return Show(context, checks.Look(), checks.Kernel);
    }

    static ExitCode Show(PmContext context, List<(string Name, Finding Finding)> results, KernelDescription? kernel)
    {
        if (context.Settings.Json)
        {
            WriteJson(context.Terminal, results, kernel);
        }
        else
        {
            WriteText(context.Terminal, results);
        }

        return results.Any(r => r.Finding.State == CheckState.Problem) ? ExitCode.Findings : ExitCode.Ok;
    }

    /// <exception cref="CommandException">PM6001: nothing on the way there can be looked at; PM1124: no such remote.</exception>
    static string WayTo(PmContext context, string text)
    {
        var url = text.Contains("://", StringComparison.Ordinal) ? text : ListOf(context, text);

        // Of invisible letters, which it drops, Uri can fail instead of saying so.
        return !url.Any(c => char.GetUnicodeCategory(c) is UnicodeCategory.Format) && Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? url
            : throw CommandException.Usage("PM6001", $"`{Hostile.OneLine(url)}` is not a URL of http or https", "without a URL `pm doctor` looks at this machine");
    }

    /// <summary>The file of a remote that is fetched first: a server of plain files has no answer at its directory.</summary>
    static string ListOf(PmContext context, string name)
    {
        using var session = RootAccess.TryOpen(context);
        if (session is null)
        {
            throw new CommandException(ExitCode.NotFound, "PM1124", $"no remote is called `{Hostile.OneLine(name)}`", "give its URL");
        }

        var remote = Remotes.RemoteNames.Require(session, name);
        return $"{remote.Url.Text}/{(remote.IsPlain ? RepositoryClient.AvailableName : RepositoryClient.TimestampName)}";
    }

    /// <summary>A check that cannot look has found something.</summary>
    static Finding Look(Check check, PmContext context)
    {
        try
        {
            return check.Look(context);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CommandException
            or StoreException or RemoteException or TrustException or PackageFormatException)
        {
            var failure = ErrorReport.Describe(e);
            return new Finding(CheckState.Problem, failure.Message, failure.Hint);
        }
    }

    static void WriteText(Terminal terminal, List<(string Name, Finding Finding)> results)
    {
        var table = new Table("CHECK", "STATE", "DETAIL");
        foreach (var (name, finding) in results)
        {
            table.Add(name, Word(finding.State), finding.Detail);
        }

        table.Write(terminal);
        foreach (var (name, finding) in results.Where(r => r.Finding.Hint is not null))
        {
            terminal.Say($"{terminal.TalkPaint.Cyan("hint:")} {name}: {Hostile.Visible(finding.Hint!)}");
        }
    }

    static void WriteJson(Terminal terminal, List<(string Name, Finding Finding)> results, KernelDescription? kernel) =>
        JsonOutput.Write(terminal, "doctor", json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("checks"u8);
            foreach (var (name, finding) in results)
            {
                json.WriteStartObject();
                json.WriteString("name"u8, name);
                json.WriteString("state"u8, Word(finding.State));
                json.WriteString("detail"u8, finding.Detail);
                json.WriteString("hint"u8, finding.Hint);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (kernel is not null)
            {
                json.WritePropertyName("kernel"u8);
                KernelDescriptionText.Write(json, kernel);
            }

            json.WriteEndObject();
        });

    static string Word(CheckState state) => state switch
    {
        CheckState.Good => "ok",
        CheckState.Warning => "warning",
        _ => "problem",
    };
}
