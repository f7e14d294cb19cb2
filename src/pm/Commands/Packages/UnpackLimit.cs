using Pm.Storage.Unpacking;

namespace Pm.Cli.Commands.Packages;

/// <summary>Puts the limits of a command line into the options of the unpacker and of both readers below it.</summary>
static class UnpackLimit
{
    public static UnpackOptions Apply(UnpackOptions options, int? entries, long? bytes, int? ratio)
    {
        var mostEntries = Positive("--max-entries", entries) ?? options.MaximumEntries;
        var mostBytes = Positive("--max-bytes", bytes) ?? options.MaximumTotalBytes;
        return options with
        {
            MaximumEntries = (int)mostEntries,
            MaximumTotalBytes = mostBytes,
            MaximumRatio = (int)(Positive("--max-ratio", ratio) ?? options.MaximumRatio),
            Tar = options.Tar with
            {
                MaximumEntries = (int)mostEntries,
                MaximumTotalBytes = mostBytes,
                MaximumEntryBytes = bytes is null ? options.Tar.MaximumEntryBytes : mostBytes,
            },
            Zip = options.Zip with
            {
                MaximumEntries = (int)mostEntries,
                MaximumTotalBytes = mostBytes,
                MaximumEntryBytes = bytes is null ? options.Zip.MaximumEntryBytes : mostBytes,
            },
        };
    }

    static long? Positive(string option, long? value) => value is null or > 0
        ? value
        : throw CommandException.Usage("PM1007", $"{option}: expected a number above 0, got `{value}`");
}
