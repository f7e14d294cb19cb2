using System.CommandLine;
using System.Text.Json;
using Pm.Cli.Commands.Roots;
using Pm.Cli.Ebpf;
using Pm.Cli.Output;
using Pm.Ebpf.Fitting;
using Pm.Ebpf.Objects;

namespace Pm.Cli.Commands.Running;

/// <summary><c>pm check PACKAGE|FILE… [--kernel FILE|HOST] [--at PROGRAM=TARGET]</c>: will it run there?</summary>
static class CheckCommand
{
    public const string Summary = "say whether a kernel would run eBPF programs";

    public static CommandDeclaration Declare()
    {
        var targets = new Argument<string[]>("PACKAGE") { Description = "an eBPF object or a `.pkg`, in a file or at a URL, the name of a package, installed or not, or `-` for standard input", Arity = ArgumentArity.OneOrMore };
        var kernel = new Option<string?>("--kernel") { Description = "of which kernel: a file with its description or its types, a copy of /sys/kernel/btf, or a machine that ssh reaches; this one by default", HelpName = "FILE|HOST" };
        var types = new Option<string?>("--btf") { Description = "the kernel's types, where the rest does not say them", HelpName = "FILE" };
        var at = NamedValues.Targets("attach PROGRAM to TARGET, whatever its section says, as `pm run --at` does");
        var unsigned = RootOptions.AllowUnsigned();
        return new CommandDeclaration
        {
            Arguments = [targets],
            Options = [kernel, types, at, unsigned],
            Takes = CommonOptions.Reads | CommonOptions.Progress | CommonOptions.LockTimeout | CommonOptions.Offline | CommonOptions.Network,
            Exits = [ExitCode.NotFound, ExitCode.Invalid, ExitCode.Refused, ExitCode.Findings, ExitCode.Conflict, ExitCode.Unreachable, ExitCode.LockBusy],
            Complete = RootCompletion.Known,
            RunAsync = (context, parsed) => RunAsync(context, parsed.GetRequiredValue(targets), parsed.Given(kernel), parsed.Given(types), NamedValues.Read("check", parsed, at), parsed.Given(unsigned)),
        };
    }

    static async ValueTask<ExitCode> RunAsync(PmContext context, string[] words, string? kernelName, string? typesPath, Dictionary<string, string> places, bool allowsUnsigned)
    {
        var objects = new List<FoundObject>();
        foreach (var word in words)
        {
            objects.AddRange(await ObjectsMeant.FindAsync(context, word, allowsUnsigned, trustsUrls: true));
        }

        // A path of another machine is not taken for one from here.
        var isHere = kernelName is null && typesPath is null;
        var specs = StatedTargets.Apply("check", [.. objects.Select(o => BpfSpec.Parse(o.Bytes, o.Name))], places, isHere ? context.FullPath : path => path);
        var kernel = TargetKernel.Of(context, kernelName, typesPath);
        var fits = objects.Zip(specs, (o, spec) => CheckedObject.Of(o, spec, kernel.Facts)).ToList();
        if (context.Settings.Json)
        {
            JsonOutput.Write(context.Terminal, "kernel-fit", json => Write(json, kernel, fits));
        }
        else
        {
            WriteText(context.Terminal, kernel, fits);
        }

        return fits.All(f => f.Verdict is FitVerdict.Yes) ? ExitCode.Ok : ExitCode.Findings;
    }

    static void WriteText(Terminal terminal, TargetKernel kernel, List<CheckedObject> fits)
    {
        if (terminal.OutputIsTerminal)
        {
            WriteTables(terminal, fits);
        }
        else
        {
            var table = new Table("OBJECT", "PROGRAM", "HOOK", "RUNS", "WHY");
            foreach (var (name, fit) in fits.SelectMany(f => f.Programs.Select(p => (f.Name, p))))
            {
                table.Add(name, fit.Program.Name, fit.Program.Place, fit.Program.IsLeftOut ? "-" : Word(fit.Verdict), Why(fit));
            }

            table.Write(terminal);
        }

        var all = fits.SelectMany(f => f.Programs).Where(f => !f.Program.IsLeftOut).ToList();
        terminal.Note(Hostile.OneLine($"{all.Count(f => f.Verdict is FitVerdict.Yes)} of {all.Count} programs run on {kernel.Name}, as far as can be told without loading them"));
        foreach (var (name, group) in fits.SelectMany(f => f.Groups.Select(g => (f.Name, g))))
        {
            var by = group.Used is { } used ? $"runs by {used.Program.Name}" : group.Verdict is FitVerdict.No ? "none of them runs" : "which of them runs is not known";
            terminal.Note(Hostile.OneLine($"{(fits.Count > 1 ? $"{name}: " : "")}the first that runs of {string.Join(", ", group.Programs.Select(p => p.Program.Name))}: {by}"));
        }

        if (kernel.Remark is { } remark)
        {
            terminal.Note(Hostile.OneLine(remark));
        }
    }

    /// <summary>One for each object, under its name: on each line that would leave no room for the rest.</summary>
    static void WriteTables(Terminal terminal, List<CheckedObject> fits)
    {
        foreach (var (name, programs, _) in fits)
        {
            var table = new Table("PROGRAM", "HOOK", "RUNS", "WHY");
            foreach (var fit in programs)
            {
                table.Add(fit.Program.Name, fit.Program.Place, fit.Program.IsLeftOut ? "-" : Word(fit.Verdict), Why(fit));
            }

            terminal.Data(terminal.DataPaint.Bold(Hostile.OneLine(name)));
            table.Write(terminal);
        }
    }

    /// <summary>What leaves it open does not matter where something speaks against it; what runs depends on its modules.</summary>
    static string Why(ProgramFit fit) => fit.Program.IsLeftOut ? "left out" : fit.Verdict is FitVerdict.Yes ? fit.Modules switch
    {
        [] => fit.Program.Hook.Kind is not HookKind.PerfEvent && HookTarget.OptionOf(fit.Program) is { } option ? $"with `{option}`" : "",
        [var only] => $"by module {only}",
        var several => $"by modules {string.Join(", ", several)}",
    }
        : string.Join("; ", fit.Findings.Where(f => f.Verdict == fit.Verdict).Select(f => $"{f.Cause} [{f.Code}]"));

    static void Write(Utf8JsonWriter json, TargetKernel kernel, List<CheckedObject> fits)
    {
        json.WriteStartObject();
        json.WriteStartObject("kernel"u8);
        json.WriteString("name"u8, kernel.Name);
        json.WriteString("release"u8, kernel.Facts.Description.Release);
        json.WriteBoolean("has_types"u8, kernel.Facts.Types is not null);
        json.WriteString("remark"u8, kernel.Remark);
        json.WriteEndObject();
        json.WriteStartArray("objects"u8);
        foreach (var (name, programs, groups) in fits)
        {
            json.WriteStartObject();
            json.WriteString("object"u8, name);
            json.WriteString("runs"u8, Word(GroupFit.Overall(programs, groups)));
            json.WriteStartArray("programs"u8);
            foreach (var fit in programs)
            {
                Write(json, fit);
            }

            json.WriteEndArray();
            json.WriteStartArray("fallbacks"u8);
            foreach (var group in groups)
            {
                Write(json, group);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, GroupFit group)
    {
        json.WriteStartObject();
        json.WriteString("runs"u8, Word(group.Verdict));
        json.WriteString("by"u8, group.Used?.Program.Name);
        json.WriteStartArray("programs"u8);
        foreach (var fit in group.Programs)
        {
            json.WriteStringValue(fit.Program.Name);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, ProgramFit fit)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, fit.Program.Name);
        json.WriteString("section"u8, fit.Program.Section);
        json.WriteString("hook"u8, fit.Program.Place);
        json.WriteBoolean("optional"u8, fit.Program.Hook.IsOptional);
        json.WriteString("runs"u8, Word(fit.Verdict));
        json.WriteStartArray("modules"u8);
        foreach (var module in fit.Modules)
        {
            json.WriteStringValue(module);
        }

        json.WriteEndArray();
        json.WriteStartArray("findings"u8);
        foreach (var finding in fit.Findings)
        {
            json.WriteStartObject();
            json.WriteString("runs"u8, Word(finding.Verdict));
            json.WriteString("code"u8, finding.Code);
            json.WriteString("cause"u8, finding.Cause);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    static string Word(FitVerdict verdict) => verdict switch
    {
        FitVerdict.Yes => "yes",
        FitVerdict.No => "no",
        _ => "unknown",
    };
}
