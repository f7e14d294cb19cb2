using System.CommandLine;
using System.Text.Json;
using Pm.Blobs;
using Pm.Cli.Output;

namespace Pm.Cli.Commands.Blobs;

/// <summary><c>pm merkle FILE…</c>: one line a file, in the order of the command line.</summary>
static class MerkleCommand
{
    public const string Summary = "print the Merkle root of each file";

    const string StandardInput = "-";
    const long WorthThreads = 16 * 1024 * 1024;

    static readonly FileStreamOptions Unbuffered = new() { BufferSize = 0, Share = FileShare.ReadWrite | FileShare.Delete };

    public static CommandDeclaration Declare()
    {
        var files = new Argument<string[]>("FILE") { Description = "a file, or - for standard input", Arity = ArgumentArity.OneOrMore };
        return new CommandDeclaration
        {
            Arguments = [files],
            Takes = CommonOptions.Json,
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(context, parsed.Given(files)!)),
        };
    }

    static ExitCode Run(PmContext context, string[] files)
    {
        var roots = new List<(string File, MerkleRoot Root)>();
        foreach (var file in files)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            if (TryHash(context, file) is { } root)
            {
                roots.Add((file, root));
                if (!context.Settings.Json)
                {
                    context.Terminal.Data($"{root} - {Hostile.OneLine(file)}");
                }
            }
        }

        if (context.Settings.Json)
        {
            JsonOutput.Write(context.Terminal, "merkle", json => Write(json, roots));
        }

        return roots.Count == files.Length ? ExitCode.Ok : ExitCode.Failed;
    }

    /// <summary>The root, or null after saying why there is none: the other files are still wanted.</summary>
    static MerkleRoot? TryHash(PmContext context, string file)
    {
        try
        {
            return file == StandardInput ? MerkleRoot.Of(context.Terminal.Input) : OfFile(context.FullPath(file), file);
        }
        catch (Exception e) when (e is CommandException or IOException or UnauthorizedAccessException)
        {
            var failure = ErrorReport.Describe(e);
            var named = failure.Message.Contains(file, StringComparison.Ordinal) ? failure.Message : $"{file}: {failure.Message}";
            ErrorReport.Print(context, failure with { Message = named });
            return null;
        }
    }

    static MerkleRoot OfFile(string path, string file)
    {
        if (Directory.Exists(path))
        {
            throw new CommandException(ExitCode.Failed, "PM1011", $"{file} is a directory, and only a file has a Merkle root",
                $"`pm merkle {file}/*` takes the files in it");
        }

        if (!File.Exists(path))
        {
            throw new CommandException(ExitCode.NotFound, "PM0008", $"no such file: {file}");
        }

        using var stream = new FileStream(path, Unbuffered);
        return stream.CanSeek && stream.Length >= WorthThreads
            ? ParallelMerkle.Of(stream.SafeFileHandle, stream.Length, Environment.ProcessorCount)
            : MerkleRoot.Of(stream);
    }

    static void Write(Utf8JsonWriter json, List<(string File, MerkleRoot Root)> roots)
    {
        json.WriteStartObject();
        json.WriteStartArray("files"u8);
        foreach (var (file, root) in roots)
        {
            json.WriteStartObject();
            json.WriteString("path"u8, file);
            json.WriteString("merkle"u8, root.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
