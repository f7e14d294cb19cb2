using System.Collections.Immutable;
using System.CommandLine;
using Pm.Cli.Commands.Packages;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Packages;
using Pm.Stages.Repairs;
using Pm.Stages.Roots;
using Pm.Storage;

namespace Pm.Cli.Commands.Roots;

/// <summary><c>pm verify [NAME|FILE]…</c></summary>
static class VerifyCommand
{
    public const string Summary = "check that files are as they were signed and installed";

    static readonly string[] FileSuffixes = [".pkg", ".far"];

    public static CommandDeclaration Declare()
    {
        var targets = new Argument<string[]>("TARGET")
        {
            Description = "an installed package, or a `.pkg` or `.far` file; the whole root when none is named",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var repair = new Option<bool>("--repair") { Description = "put back what is missing or changed, from the store or the package's remote" };
        return new CommandDeclaration
        {
            Arguments = [targets],
            Options = [repair],
            Takes = CommonOptions.Reads | CommonOptions.DryRun | CommonOptions.Progress | CommonOptions.LockTimeout | CommonOptions.Offline | CommonOptions.Network,
            Exits = [ExitCode.NotFound, ExitCode.Invalid, ExitCode.Refused, ExitCode.Findings, ExitCode.LockBusy],
            Complete = RootCompletion.Installed,
            RunAsync = (context, parsed) => RunAsync(
                context, parsed.Given(targets) ?? [], parsed.Given(repair) && !context.Settings.DryRun),
        };
    }

    static async ValueTask<ExitCode> RunAsync(PmContext context, string[] targets, bool repairs)
    {
        var files = targets.Where(t => IsFile(context, t)).ToList();
        if (files.Count == 0)
        {
            return await VerifyRootAsync(context, InstalledNames.Parse(targets), repairs);
        }

        return files.Count == targets.Length
            ? VerifyFileCommand.Run(context, files)
            : throw CommandException.Usage(
                "PM1115", $"`{targets.First(t => !files.Contains(t))}` is no file, `{files[0]}` is one", "verify files and installed packages one after the other");
    }

    static bool IsFile(PmContext context, string text) =>
        FileSuffixes.Any(s => text.EndsWith(s, StringComparison.Ordinal))
        || (text.Contains('/', StringComparison.Ordinal) && File.Exists(context.FullPath(text)));

    static async ValueTask<ExitCode> VerifyRootAsync(PmContext context, ImmutableArray<PackageName> names, bool repairs)
    {
        InstalledNames.RequireRoot(context, names);
        using var looking = RootAccess.Open(context);
        var options = new VerificationOptions { Packages = names };
        var report = repairs ? await RepairAsync(context, options) : Verify(context, looking, options);
        if (context.Settings.Json)
        {
            WriteJson(context, report);
        }
        else
        {
            WriteText(context, report, names.IsEmpty ? looking.Root.Current?.Packages.Length ?? 0 : names.Length, repairs);
        }

        return report.IsClean ? ExitCode.Ok : ExitCode.Findings;
    }

    static VerificationReport Verify(PmContext context, RootSession session, VerificationOptions options)
    {
        if (session.Root.NeedsRecovery)
        {
            context.Terminal.Note($"{session.Root.Path}: an interrupted change is to be mended first: `pm recover`");
        }

        using var progress = new Progress(context, "verifying");
        return Verification.Verify(session.Root, session.Store, options, context.Cancellation);
    }

    static async Task<VerificationReport> RepairAsync(PmContext context, VerificationOptions options)
    {
        using var session = RootAccess.OpenForChange(context);
        using var progress = new Progress(context, "verifying");
        var scratch = Path.Join(session.Root.Path, Root.CacheDirectory, "repair");
        return await new RootRepair(session, scratch, RootAccess.Observer(context, progress))
            .RunAsync(options, context.Settings.Offline, context.Cancellation);
    }

    static void WriteText(PmContext context, VerificationReport report, int packages, bool repairs)
    {
        var table = new Table("FINDING", "PATH", "PACKAGE", "EXPECTED", "FOUND");
        foreach (var finding in report.Findings)
        {
            table.Add(
                Word(finding), PathText.Show(finding.Path), finding.Package, Short(context, finding.Expected), Short(context, finding.Actual));
        }

        table.Write(context.Terminal);
        var damaged = report.Findings.Count(f => f.IsDamage && !f.IsRepaired);
        var mended = report.Findings.Count(f => f.IsRepaired);
        var edited = report.Findings.Count(f => !f.IsDamage);
        context.Terminal.Note(
            $"{Count(report.Files, "file")} of {Count(packages, "package")}, {ByteSize.Text(report.HashedBytes)} read: "
            + (damaged == 0 ? "all as installed" : $"{damaged} damaged")
            + (mended > 0 ? $", {mended} mended" : "")
            + (edited > 0 ? $", {edited} edited by you" : ""));
        if (damaged > 0)
        {
            context.Terminal.Say($"{context.Terminal.TalkPaint.Cyan("hint:")} {Hint(report, repairs)}");
        }
    }

    static string Hint(VerificationReport report, bool repairs) =>
        !repairs ? "`pm verify --repair` puts back what was installed"
        : report.Findings.Any(f => f is { IsDamage: true, IsRepaired: false, Kind: VerificationKind.WrongKind })
            ? "something else stands in its place, and pm throws nothing away: move it aside, then repair again"
            : "the store's copy is damaged too, and no remote has it: bring the package back with `pm install FILE.pkg`, then repair again";

    /// <summary>Whole hashes would fold every line of a terminal; a pipe and <c>--json</c> get them.</summary>
    static string Short(PmContext context, string text)
    {
        const int hash = 64;
        const int shown = 12;
        return !context.Terminal.OutputIsTerminal ? text : string.Join(' ', text.Split(' ')
            .Select(word => word.Length == hash && word.All(char.IsAsciiHexDigitLower) ? word[..shown] + "…" : word));
    }

    static string Word(VerificationFinding finding) => (finding.IsRepaired ? "mended: " : "") + finding.Kind switch
    {
        VerificationKind.WrongKind => "wrong kind",
        VerificationKind.DamagedBlob => "damaged in store",
        VerificationKind.MissingBlob => "missing in store",
        VerificationKind.DamagedPackage => "damaged package",
        var kind => kind.ToString().ToLowerInvariant(),
    };

    static string Count(int number, string noun) => $"{number} {noun}{(number == 1 ? "" : "s")}";

    static void WriteJson(PmContext context, VerificationReport report) => JsonOutput.Write(context.Terminal, "verification", json =>
    {
        json.WriteStartObject();
        json.WriteString("root"u8, context.Settings.Root);
        json.WriteBoolean("clean"u8, report.IsClean);
        json.WriteNumber("files"u8, report.Files);
        json.WriteNumber("hashed"u8, report.HashedBytes);
        json.WriteStartArray("findings"u8);
        foreach (var finding in report.Findings)
        {
            json.WriteStartObject();
            json.WriteString("kind"u8, System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(finding.Kind.ToString()));
            json.WriteString("path"u8, PathText.Show(finding.Path));
            json.WriteString("package"u8, finding.Package);
            json.WriteString("expected"u8, finding.Expected);
            json.WriteString("actual"u8, finding.Actual);
            json.WriteBoolean("damage"u8, finding.IsDamage);
            json.WriteBoolean("repaired"u8, finding.IsRepaired);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });
}
