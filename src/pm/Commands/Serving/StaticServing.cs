using System.Buffers;
using Pm.Cli.Output;
using Pm.Repositories.Serving;
using Pm.Repositories.StaticServing;

namespace Pm.Cli.Commands.Serving;

/// <summary><c>pm serve --static</c>: the small server in this process, until it is told to stop.</summary>
static class StaticServing
{
    public static async ValueTask<ExitCode> RunAsync(PmContext context, ServingWish wish, string? daemonOnly)
    {
        if (daemonOnly is not null || wish.AccessLog is not (null or "stdout" or "stderr" or "none"))
        {
            throw CommandException.Usage("PM1016", $"--static does without {daemonOnly ?? "--access-log FILE"}", "leave out --static: pmd can do it");
        }

        var repositories = RepositorySet.Open([.. wish.Directories.Select(argument => Absolute(context, argument))], context.Terminal.Note);
        string[] listen = wish.Listen.Length > 0 ? wish.Listen : context.Variable("PM_LISTEN")?.Split(',') ?? [];
        var addresses = listen.Select(text => ListenAddress.Parse(text, context.FullPath)).DefaultIfEmpty(ListenAddress.Default);
        using var server = StaticServer.Listen(repositories, addresses, new StaticOptions { Time = context.Time, Log = LogTo(context, wish.AccessLog) });
        foreach (var address in server.Addresses)
        {
            context.Terminal.Note($"serving {string.Join(", ", repositories.All.Select(r => r.Namespace.Length == 0 ? r.Path : r.Namespace))} at {address}");
        }

        var portFile = wish.PortFile is { } file ? context.FullPath(file) : null;
        if (portFile is not null)
        {
            PortFile.Write(portFile, server.Addresses);
        }

        await server.RunAsync(context.Cancellation);
        if (portFile is not null)
        {
            PortFile.Remove(portFile);
        }

        return ExitCode.Ok;
    }

    static string Absolute(PmContext context, string argument)
    {
        var (name, path) = RepositorySet.Split(argument);
        return name.Length == 0 ? context.FullPath(path) : $"{name}={context.FullPath(path)}";
    }

    static Action<RequestRecord> LogTo(PmContext context, string? target)
    {
        if (target == "none")
        {
            return _ => { };
        }

        Action<string> write = target == "stderr" ? context.Terminal.Say : line => WriteThrough(context.Terminal, line);
        return record =>
        {
            var line = new ArrayBufferWriter<byte>();
            AccessLine.Write(line, record);
            write(System.Text.Encoding.ASCII.GetString(line.WrittenSpan[..^1]));
        };
    }

    /// <summary>Who reads a log wants a line when it is there.</summary>
    static void WriteThrough(Terminal terminal, string line)
    {
        terminal.Data(line);
        terminal.Flush();
    }
}
