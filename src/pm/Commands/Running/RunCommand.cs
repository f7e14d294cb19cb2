using System.CommandLine;
using Pm.Cli.Commands.Roots;
using Pm.Cli.Ebpf;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Linux;
using Pm.Packages;
using Pm.Remotes;
using Pm.Remotes.Oci;
using Pm.Stages.Changes;
using Pm.Stages.Running;

namespace Pm.Cli.Commands.Running;

/// <summary><c>pm run NAME|PATH [-- ARGUMENT…]</c></summary>
static class RunCommand
{
    public const string Summary = "run a program of a package, installed or not";

    public static CommandDeclaration Declare()
    {
        var target = new Argument<string>("PACKAGE") { Description = "`NAME`, `NAME@VERSION`, the name of a command, a `.pkg` file, a program, an eBPF object or a package of eunomia's, the URL of one of these, or `-` for standard input" };
        var arguments = new Argument<string[]>("ARGUMENT") { Description = "for the program; after `--`", Arity = ArgumentArity.ZeroOrMore };
        var command = new Option<string?>("--command") { Description = "which program of the package", HelpName = "NAME" };
        var unsigned = RootOptions.AllowUnsigned();
        var trust = RootOptions.Trust();
        var ofObjects = new ObjectOptions();
        var report = RunReport.Option();
        return new CommandDeclaration
        {
            Arguments = [target, arguments],
            Options = [command, unsigned, trust, .. ofObjects.All, report],
            Takes = CommonOptions.Root | CommonOptions.Project | CommonOptions.DryRun | CommonOptions.Progress | CommonOptions.LockTimeout | CommonOptions.Offline | CommonOptions.Network,
            Exits = [ExitCode.NotFound, ExitCode.NotPermitted, ExitCode.Invalid, ExitCode.Refused, ExitCode.Conflict, ExitCode.Unreachable, ExitCode.LockBusy],
            Complete = RootCompletion.Known,
            RunAsync = (context, parsed) => RunReport.AroundAsync(parsed.Given(report), told => RunAsync(
                context,
                new RunWish
                {
                    Target = parsed.GetRequiredValue(target),
                    Command = parsed.Given(command),
                    AllowsUnsigned = parsed.Given(unsigned),
                    TrustsUrls = parsed.Given(trust),
                    Arguments = parsed.Given(arguments) ?? [],
                    Choices = ofObjects.Read(context, parsed, told),
                    ObjectOption = ofObjects.FirstGiven(parsed),
                })),
        };
    }

    static CommandException NoObject(PmContext context, string target, string option) =>
        !IsMissingFile(context, target) ? CommandException.Usage("PM8052", $"`{option}` is for eBPF objects, which `{Hostile.OneLine(target)}` is not", "what follows `--` goes to the program")
        : Directory.Exists(context.FullPath(target)) ? Targets.IsDirectory(context.FullPath(target), target)
        : new CommandException(ExitCode.NotFound, "PM0008", $"no such file: {Hostile.OneLine(target)}");

    /// <exception cref="CommandException">PM8052: a program is chosen where there is one.</exception>
    static void CheckCommandIsMeant(RunWish wish, string kind)
    {
        if (wish.Command is not null)
        {
            throw CommandException.Usage("PM8052", $"`--command` chooses among the programs of a package, and `{Hostile.OneLine(wish.Target)}` is {kind}", "leave it out");
        }
    }

    static ExitCode StartFile(PmContext context, RunWish wish, string path)
    {
        CheckCommandIsMeant(wish, "a program");
        return Start(context, wish, path, Become);
    }

    static bool IsMissingFile(PmContext context, string target) =>
        ((target.Contains('/', StringComparison.Ordinal) && !Dependency.TryParse(target, out _)) || ObjectFile.IsNamedLikeOne(target)) && !PackageUrl.IsUrl(target) && !File.Exists(context.FullPath(target));

    /// <summary>A local file first, then a URL, then what is installed, then what a remote offers; the error says what was tried.</summary>
    static async ValueTask<ExitCode> RunAsync(PmContext context, RunWish wish)
    {
        using var source = await RunSources.FindAsync(context, wish.Target, wish.TrustsUrls) ?? await OfRegistryAsync(context, wish);
        if (source is { IsEbpf: true } && !(source.Kind is ContentKind.Archive && IsNamedLikePackage(wish.Target)))
        {
            CheckCommandIsMeant(wish, "an eBPF object");
            return EbpfRun.Run(context, source, wish.Choices, wish.Arguments);
        }

        if (wish.ObjectOption is { } option && IsMissingFile(context, wish.Target))
        {
            throw NoObject(context, wish.Target, option);
        }

        return source switch
        {
            { Kind: ContentKind.WebAssembly } => throw new CommandException(
                ExitCode.Invalid, "PM8061", $"{Hostile.OneLine(source.Name)}: a WebAssembly module, which pm does not run; expected an eBPF object or a package",
                "ask its author for the eBPF object, or for `package.json`"),
            { Kind: ContentKind.Other, Name: RunSources.StandardInput } => throw new CommandException(
                ExitCode.Invalid, "PM8060", "standard input: neither an eBPF object nor a package of pm's or eunomia's"),
            { IsLocal: true, Kind: ContentKind.Other } when wish.Target.Contains('/', StringComparison.Ordinal) && !PackageUrl.IsUrl(wish.Target) && !IsNamedLikePackage(wish.Target)
                => IsScript(source.Path) ? StartFile(context, wish, source.Path) : throw new CommandException(
                    ExitCode.Invalid, "PM8060", $"{Hostile.OneLine(wish.Target)}: neither an eBPF object nor a package, and no program: nobody may execute it",
                    wish.Target.EndsWith(".c", StringComparison.Ordinal) ? "`pm build` compiles a source, below a manifest that names it: `pm init --ebpf NAME`" : $"`chmod +x {Hostile.OneLine(wish.Target)}` makes a program of it"),
            { IsLocal: true, Kind: ContentKind.Other } when wish.Target.EndsWith(".c", StringComparison.Ordinal) && !IsKnown(context, wish) => throw new CommandException(
                ExitCode.Invalid, "PM8060", $"{Hostile.OneLine(wish.Target)}: a source, which is to be compiled", "`pm build` compiles a source, below a manifest that names it: `pm init --ebpf NAME`"),
            { IsLocal: true, Kind: ContentKind.Other } when !IsNamedLikePackage(wish.Target) && !IsKnown(context, wish) => throw new CommandException(
                ExitCode.Invalid, "PM8060", $"{Hostile.OneLine(wish.Target)}: a file here, neither an eBPF object nor a package; and no package is called so", $"`pm run ./{Hostile.OneLine(wish.Target)}` runs a program"),
            _ => await RunPackageAsync(context, source, wish),
        };
    }

    /// <summary>It may be executed by somebody: then why not by this user, the system says best.</summary>
    static bool IsScript(string path) => FileStatus.Of(path) is not { IsRegular: true } status || (status.Mode & 0b001_001_001) != 0;

    static bool IsNamedLikePackage(string target) => target.EndsWith(".pkg", StringComparison.Ordinal);

    /// <summary>What <c>$ECLI_REGISTRY</c> has by that name. `ecli` asks there first, pm where nobody else knows the name.</summary>
    static async Task<RunSource?> OfRegistryAsync(PmContext context, RunWish wish)
    {
        var isFirst = context.InvokedAs == "ecli";
        return EcliRegistry.MayHave(context, wish.Target) && (isFirst || !IsKnown(context, wish))
            ? await EcliRegistry.FetchAsync(context, wish.Target, wish.TrustsUrls, isFirst ? "no such file" : "no such file, not installed, offered by no remote")
            : null;
    }

    static bool IsKnown(PmContext context, RunWish wish)
    {
        if (!Dependency.TryParse(wish.Target, out var name))
        {
            return false;
        }

        if (InstalledProgram.TryFind(context, name, wish.Command) is not null)
        {
            return true;
        }

        using var session = RootAccess.TryOpen(context);
        return session?.Catalogue.Index.Versions(name.Name).Count > 0;
    }

    static async ValueTask<ExitCode> RunPackageAsync(PmContext context, RunSource? source, RunWish wish)
    {
        var (target, command) = (wish.Target, wish.Command);
        using var wanted = source switch
        {
            { Kind: ContentKind.Package, IsLocal: true } when !PackageUrl.IsUrl(target) => Targets.Of(LocalFile.Read(source.Path, target)),
            { Name: RunSources.StandardInput } => Targets.Of(LocalFile.Read(source.Path, "standard input")),
            not null when OciReference.IsOne(target) => Targets.Of(LocalFile.Read(source.Path, target)),
            not null when PackageUrl.IsUrl(target) => Targets.Of(UrlTargets.Read(source.Path, PackageUrl.Parse(target), target)),
            _ => await Targets.ParseAsync(context, [target], wish.TrustsUrls),
        };
        if (!wanted.Names.IsEmpty && InstalledProgram.TryFind(context, wanted.Names[0], command) is { } program)
        {
            return Start(context, wish, program, Become);
        }

        if (context.Settings.DryRun)
        {
            return await PreviewAsync(context, wanted, wish.Command, wish.AllowsUnsigned, wish.Arguments);
        }

        using var expanded = await ExpandedPackage.OpenAsync(context, wanted, wish.AllowsUnsigned);
        return Start(context, wish, Path.Join(expanded.Path, InstalledProgram.Choose(expanded.Package, wish.Command)), Follow);
    }

    /// <summary>A command that stands for an eBPF object is that object, so that pm need not start itself again.</summary>
    static ExitCode Start(PmContext context, RunWish wish, string program, Func<PmContext, string, RunWish, ExitCode> run) =>
        EbpfCommand.ObjectOf(program) is { } found ? EbpfRun.Run(context, new RunSource(found, wish.Target, ContentKind.Object) { Origin = found }, wish.Choices, wish.Arguments)
        : wish.ObjectOption is { } option ? throw NoObject(context, wish.Target, option)
        : run(context, program, wish);

    /// <summary>Shows what would be run of a package that is not installed.</summary>
    static async Task<ExitCode> PreviewAsync(PmContext context, Targets wanted, string? command, bool allowsUnsigned, string[] arguments)
    {
        var (id, package, path) = await ExpandedPackage.LookAsync(context, wanted, allowsUnsigned);
        if (package is not null)
        {
            Show(context, Path.Join(path, InstalledProgram.Choose(package, command)), arguments);
        }

        context.Terminal.Note(Hostile.OneLine(
            $"nothing was fetched or run (dry run): {id} would be {(package is null ? "expanded and run; the root would be made" : Directory.Exists(path) ? "run from there" : "expanded there and run")}"));
        return ExitCode.Ok;
    }

    /// <summary>The program takes the place of pm: signals, terminal and exit code are its own.</summary>
    static ExitCode Become(PmContext context, string path, RunWish wish)
    {
        if (context.Settings.DryRun || !context.OwnsProcess)
        {
            return Follow(context, path, wish);
        }

        context.Terminal.Flush();
        try
        {
            wish.Choices.Report?.Program();
            ProcessImage.Replace(path, wish.Arguments, context.Environment);
            throw new System.Diagnostics.UnreachableException();
        }
        catch (SystemCallException e) when (e.Errno is Errno.EACCES or Errno.ENOEXEC)
        {
            // As a shell says it: found, but cannot be run.
            var failure = new Failure(ExitCode.CannotRun, "PM1133", $"{path}: cannot be run: {e.Message}");
            wish.Choices.Report?.Failed(failure);
            ErrorReport.Print(context, failure);
            return ExitCode.CannotRun;
        }
    }

    /// <summary>The program runs as a child: pm keeps its files from being collected until it ends.</summary>
    static ExitCode Follow(PmContext context, string path, RunWish wish)
    {
        if (context.Settings.DryRun)
        {
            return Show(context, path, wish.Arguments);
        }

        context.Terminal.Flush();
        var result = ChildProcess.Run(
            new ChildOptions
            {
                FileName = path,
                Arguments = wish.Arguments,
                Environment = context.Environment,
                InheritsInput = context.OwnsProcess,
                InheritsOutput = context.OwnsProcess,
                InheritsError = context.OwnsProcess,
                Started = _ => wish.Choices.Report?.Started(),
            },
            context.Cancellation);
        context.Terminal.Output.Write(result.Output.Span);
        return (ExitCode)result.ShellCode;
    }

    static ExitCode Show(PmContext context, string path, string[] arguments)
    {
        context.Terminal.Data(Hostile.OneLine(string.Join(' ', arguments.Prepend(path))));
        return ExitCode.Ok;
    }
}
