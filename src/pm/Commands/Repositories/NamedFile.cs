namespace Pm.Cli.Commands.Repositories;

/// <summary>A file that a word of the command line names.</summary>
static class NamedFile
{
    /// <summary>The same path.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="shown">The word, for the message.</param>
    /// <exception cref="CommandException">PM1143: it names no file, as <c>/</c> and <c>keys/</c> do not.</exception>
    public static string Of(string path, string shown) => Path.GetFileName(path).Length > 0 ? path
        : throw CommandException.Usage("PM1143", $"`{shown}`: the name of a file is expected");
}
