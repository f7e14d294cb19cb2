using System.Globalization;
using System.Text.RegularExpressions;
using Pm.Cli.Output;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Fitting;
using Pm.Ebpf.Probing;
using Pm.Linux;

namespace Pm.Cli.Ebpf;

/// <summary>Asks the kernel of another machine, through ssh and the pm that is there: nothing is put there, and nothing of its words is run here.</summary>
static partial class RemoteKernel
{
    const int LongestName = 255;

    /// <summary>Each behind a line that says how long it is. One that is unloaded meanwhile is none.</summary>
    const string TellModules = "sh -c 'cd /sys/kernel/btf && for f in *; do test \"$f\" = vmlinux || { wc -c \"$f\" && cat \"$f\"; }; done; true'";

    /// <summary>A whole conversation; types are some 6 MB.</summary>
    static readonly TimeSpan MostTime = TimeSpan.FromMinutes(2);

    /// <exception cref="CommandException">PM1002: no name of a machine; PM8048: it does not answer.</exception>
    public static TargetKernel Ask(PmContext context, string host, GivenTypes? given)
    {
        if (host.Length > LongestName || !Name().IsMatch(host))
        {
            throw CommandException.Usage("PM1002", $"`--kernel {Hostile.OneLine(host)}`: expected a file, or a machine as `HOST` or `USER@HOST`", "a file that is named so: `--kernel ./FILE`");
        }

        var said = Run(context, host, "pm doctor --ebpf --json", KernelDescriptionText.Limit);

        // What is missing there is said by its exit status, and the description is whole all the same.
        var description = said.ExitCode is 0 or (int)ExitCode.Findings
            ? KernelDescriptionText.Read(said.Output, host)
            : said.ExitCode == 255 ? throw Silent(host, said) : KernelDescription.Unknown;
        var (types, modules) = (given?.Types, given?.Modules);
        if (types is null && description.TypesDigest is not "")
        {
            var copied = Run(context, host, $"cat {KernelProbe.TypesPath}", BtfLimits.Size);
            types = copied.IsSuccess ? BtfFile.Parse(Same(host, description, copied.Output), host) : null;
            modules = types is null || (description.Modules.IsEmpty && description != KernelDescription.Unknown) ? null : new ModuleTypes(types, Modules(context, host));
        }

        var release = description.Release is null ? "" : string.Create(CultureInfo.InvariantCulture, $" ({description.Release})");
        return new TargetKernel(host + release, new KernelFacts(types, description) { Modules = modules }, description == KernelDescription.Unknown ? $"there is no pm on {host} that can say more than its types" : null);
    }

    /// <summary>Nothing is asked before something is looked for that the kernel itself has not.</summary>
    static IEnumerable<ModuleBytes> Modules(PmContext context, string host)
    {
        var said = Run(context, host, TellModules, BtfLimits.ModulesSize);
        foreach (var module in ModuleListing.Read(said.IsSuccess ? said.Output : throw Silent(host, said), host))
        {
            yield return module;
        }
    }

    static ReadOnlyMemory<byte> Same(string host, KernelDescription description, ReadOnlyMemory<byte> types) =>
        description.TypesDigest is { } digest && digest != TypesDigest.Of(types.Span)
            ? throw new CommandException(ExitCode.Unreachable, "PM8048", $"{host}: the types that came are not the ones that were described", "try it again")
            : types;

    static ChildResult Run(PmContext context, string host, string command, int limit)
    {
        var result = ChildProcess.Run(
            new ChildOptions
            {
                FileName = "ssh",
                SearchPath = context.Variable("PATH"),
                Environment = context.Environment,
                // Nobody is there to be asked, nothing of this machine is lent to the other, and a name is never an option.
                Arguments = ["-T", "-x", "-a", "-o", "BatchMode=yes", "-o", "ConnectTimeout=15", "--", host, command],
                OutputLimit = limit,
                EndsAtOutputLimit = true,
                Timeout = MostTime,
            },
            context.Cancellation);
        return result.HasTimedOut || result.IsOutputCut || result.ExitCode is null ? throw Silent(host, result) : result;
    }

    static CommandException Silent(string host, ChildResult result)
    {
        var last = result.ErrorText.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault();
        var why = result.HasTimedOut ? $"no whole answer in {MostTime.TotalMinutes} minutes" : result.IsOutputCut ? "it says more than a kernel has to say" : last ?? result.ToString();
        return new CommandException(ExitCode.Unreachable, "PM8048", $"{host} cannot be asked: {Hostile.OneLine(why)}", $"`ssh {host} pm doctor --ebpf --json` has to work without a question");
    }

    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9_.@:%-]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
