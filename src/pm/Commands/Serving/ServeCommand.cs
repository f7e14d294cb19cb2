using System.CommandLine;
using Pm.Cli.Commands.Repositories;
using Pm.Linux;

namespace Pm.Cli.Commands.Serving;

/// <summary><c>pm serve [DIR…]</c></summary>
static class ServeCommand
{
    public const string Summary = "serve repositories over HTTP";

    public static CommandDeclaration Declare()
    {
        var directories = new Argument<string[]>("DIR")
        {
            Description = "a repository, or a directory with repositories below it; NAMESPACE=DIR names one (default: PM_REPO, then the working directory)",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var isStatic = new Option<bool>("--static") { Description = "serve files and nothing else, without pmd" };
        var listen = new Option<string[]>("--listen") { Description = "where to listen (default: localhost:8083); `*` for every address, port 0 for a free one", HelpName = "HOST:PORT|unix:PATH" };
        var certificate = new Option<string?>("--tls-certificate") { Description = "serve TLS with this PEM certificate, its chain after it", HelpName = "FILE" };
        var key = new Option<string?>("--tls-key") { Description = "the certificate's PEM key", HelpName = "FILE" };
        var portFile = new Option<string?>("--port-file") { Description = "write the addresses that are listened at there, once they are", HelpName = "FILE" };
        var log = new Option<string?>("--access-log") { Description = "where the line of each request goes (default: stdout)", HelpName = "stdout|stderr|none|FILE" };
        var file = new Option<string?>("--config") { Description = "read pmd's settings from FILE in place of /etc/pm/pmd.toml, or from none (`none`)", HelpName = "FILE" };
        return new CommandDeclaration
        {
            Arguments = [directories],
            Options = [isStatic, listen, certificate, key, portFile, log, file],
            Exits = [ExitCode.NotFound, ExitCode.NotPermitted, ExitCode.Invalid, ExitCode.Refused],
            RunAsync = (context, parsed) =>
            {
                var wish = new ServingWish(Named(context, parsed.Given(directories), parsed.Given(file) is not (null or "none")), parsed.Given(listen) ?? [], parsed.Given(portFile), parsed.Given(log));
                Option<string?>[] daemonOnly = [certificate, key, file];
                return parsed.Given(isStatic)
                    ? StaticServing.RunAsync(context, wish, daemonOnly.FirstOrDefault(option => parsed.Given(option) is not null)?.Name)
                    : ValueTask.FromResult(Become(context, wish, [.. daemonOnly.Select(option => (option.Name, parsed.Given(option)))]));
            },
        };
    }

    static string[] Named(PmContext context, string[]? directories, bool hasFile) =>
        directories is { Length: > 0 } ? directories
        : context.Variable("PM_SERVE") is null && !hasFile ? [RepositoryPlace.Path(context, null)]
        : [];

    /// <summary>pmd takes the place of pm: signals, output and exit code are its own.</summary>
    static ExitCode Become(PmContext context, ServingWish wish, (string Name, string? Value)[] options)
    {
        var program = DaemonProgram.Find(context);
        string[] arguments =
        [
            .. wish.Listen.SelectMany(address => (string[])["--listen", address]),
            .. options.Append(("--port-file", wish.PortFile)).Append(("--access-log", wish.AccessLog))
                .SelectMany(option => option.Item2 is { } value ? (string[])[option.Item1, value] : []),
            "--", .. wish.Directories,
        ];
        context.Terminal.Flush();
        if (context.OwnsProcess)
        {
            ProcessImage.Replace(program, arguments, context.Environment);
        }

        var result = ChildProcess.Run(new ChildOptions { FileName = program, Arguments = arguments, Environment = context.Environment }, context.Cancellation);
        context.Terminal.Output.Write(result.Output.Span);
        return (ExitCode)result.ShellCode;
    }
}
