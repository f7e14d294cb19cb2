using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Pm.Simulation.Lying;

/// <summary>Answers for a git repository over smart HTTP, as git's own server does. Source: git-http-backend(1).</summary>
/// <param name="repository">What lies there is served: the directory <c>.git</c>, or a bare repository.</param>
public sealed class GitGateway(Func<string> repository)
{
    /// <summary>What every path has in it.</summary>
    public const string Name = "lib.git";

    /// <summary>Whether it speaks the newer protocol to who asks for it.</summary>
    public bool IsModern { get; set; } = true;

    /// <summary>Whether this request asks what names there are, what they say, or for objects.</summary>
    public static bool IsAbout(LyingRequest request, string part) => request.Method == "GET"
        ? request.Path.Contains(part, StringComparison.Ordinal)
        : Encoding.Latin1.GetString(Plain(request)).Contains(part == "fetch" ? "want " : "command=" + part, StringComparison.Ordinal);

    static byte[] Plain(LyingRequest request)
    {
        if (request.Headers.GetValueOrDefault("content-encoding") != "gzip")
        {
            return request.Body;
        }

        using var plain = new MemoryStream();
        using var packed = new GZipStream(new MemoryStream(request.Body), CompressionMode.Decompress);
        packed.CopyTo(plain);
        return plain.ToArray();
    }

    /// <summary>Null where there is no such thing.</summary>
    public ServedContent? Answer(LyingRequest request)
    {
        var (path, query) = request.Path.Split('?', 2) is [var before, var after] ? (before, after) : (request.Path, "");
        var at = path.IndexOf(Name + "/", StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        var start = new ProcessStartInfo("git", ["http-backend"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["GIT_HTTP_EXPORT_ALL"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["PATH_TRANSLATED"] = Path.Join(repository(), path[(at + Name.Length)..]);
        start.Environment["REQUEST_METHOD"] = request.Method;
        start.Environment["QUERY_STRING"] = query;
        start.Environment["CONTENT_TYPE"] = request.Headers.GetValueOrDefault("content-type", "");
        start.Environment["HTTP_CONTENT_ENCODING"] = request.Headers.GetValueOrDefault("content-encoding", "");
        start.Environment["CONTENT_LENGTH"] = request.Body.Length.ToString(CultureInfo.InvariantCulture);
        if (IsModern && request.Headers.TryGetValue("git-protocol", out var protocol))
        {
            start.Environment["GIT_PROTOCOL"] = protocol;
        }

        return Read(Run(start, request.Body));
    }

    static byte[] Run(ProcessStartInfo start, byte[] input)
    {
        using var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.StandardInput.BaseStream.Write(input);
        process.StandardInput.Close();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        return output.ToArray();
    }

    /// <summary>Headers, an empty line, the body. Source: RFC 3875, section 6.</summary>
    static ServedContent? Read(byte[] output)
    {
        var end = output.AsSpan().IndexOf("\r\n\r\n"u8);
        var headers = end < 0 ? [] : Encoding.Latin1.GetString(output, 0, end).Split("\r\n");
        var type = headers.FirstOrDefault(h => h.StartsWith("Content-Type: ", StringComparison.Ordinal));
        return type is null || headers.Any(h => h.StartsWith("Status: ", StringComparison.Ordinal)) ? null : new ServedContent(output[(end + 4)..], type["Content-Type: ".Length..]);
    }
}
