using Pm.Linux;

namespace Pm.Cli.Commands.Packages;

/// <summary>A file named on the command line, opened for reading.</summary>
static class InputFile
{
    /// <param name="context">The run.</param>
    /// <param name="file">As typed.</param>
    /// <param name="forDirectory">What to do with a directory, as a hint.</param>
    /// <exception cref="CommandException">PM1011: a directory; PM0008: not there; PM1013: a pipe.</exception>
    public static FileStream Open(PmContext context, string file, string? forDirectory = null)
    {
        var path = context.FullPath(file);
        if (Directory.Exists(path))
        {
            throw new CommandException(ExitCode.Failed, "PM1011", $"{file} is a directory, and a file is needed", forDirectory);
        }

        if (!File.Exists(path))
        {
            throw new CommandException(ExitCode.NotFound, "PM0008", $"no such file: {file}");
        }

        try
        {
            // A pipe that nobody writes to is never waited for.
            return new FileStream(OpenFile.TryOpenRead(path) ?? throw new CommandException(ExitCode.NotFound, "PM0008", $"no such file: {file}"), FileAccess.Read, bufferSize: 0);
        }
        catch (SystemCallException e) when (e.Errno is Errno.EINVAL)
        {
            throw new CommandException(ExitCode.Failed, "PM1013", $"{file} cannot be read from its middle: a pipe or a device");
        }
    }
}
