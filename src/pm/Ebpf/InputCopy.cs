using Microsoft.Win32.SafeHandles;
using Pm.Cli.Commands.Packages;
using Pm.Linux;
using Pm.Storage.Packing;

namespace Pm.Cli.Ebpf;

/// <summary>Standard input in a file without a name, so that it can be looked at twice; gone when this is disposed.</summary>
sealed class InputCopy : IDisposable
{
    /// <summary>Nothing that is piped into a command has as many bytes.</summary>
    const long Limit = 1L << 30;

    readonly SafeFileHandle _file;

    InputCopy(SafeFileHandle file) => _file = file;

    /// <summary>Opens anew what has no name.</summary>
    public string Path => $"/proc/self/fd/{_file.DangerousGetHandle()}";

    /// <exception cref="CommandException">PM8060: nothing comes, or too much.</exception>
    public static InputCopy Take(PmContext context)
    {
        if (context.Terminal.InputIsTerminal)
        {
            throw CommandException.Usage("PM8060", "standard input is a terminal: expected an eBPF object or a package", "`curl https://… | pm run -`, or `pm run FILE`");
        }

        var folder = Scratch.Folder(context);
        var file = ScratchFile.CreateHandle(folder);
        try
        {
            Copy(context, FileWriting.Stream(file, folder));
            return new InputCopy(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose() => _file.Dispose();

    static void Copy(PmContext context, Stream into)
    {
        var buffer = new byte[1 << 16];
        var total = 0L;
        for (int count; (count = context.Terminal.Input.Read(buffer)) > 0;)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            total += count;
            if (total > Limit)
            {
                throw new CommandException(ExitCode.Invalid, "PM8060", $"standard input: at most {Limit} bytes, got more");
            }

            into.Write(buffer.AsSpan(0, count));
        }

        into.Flush();
        if (total == 0)
        {
            throw new CommandException(ExitCode.Invalid, "PM8060", "standard input: nothing came; expected an eBPF object or a package", "did what stands before the pipe fail?");
        }
    }
}
