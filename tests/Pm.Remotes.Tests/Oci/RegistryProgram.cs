using System.Diagnostics;
using Xunit;

namespace Pm.Remotes.Tests.Oci;

/// <summary>A real registry on loopback: Debian's docker-registry, with nothing in it.</summary>
sealed class RegistryProgram : IDisposable
{
    const string Executable = "/usr/bin/docker-registry";

    /// <summary>By bcrypt(3), of the password <c>secret</c>.</summary>
    public const string Users = "pat:$2b$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n";

    readonly string _directory = Directory.CreateTempSubdirectory("pm-registry-").FullName;
    readonly Process _process;

    /// <param name="users">Who may do anything, with the hashes of their passwords; null: everybody.</param>
    /// <param name="authorization">In place of these, another way to know who asks, as its file of settings has it; called with a directory of its own.</param>
    public RegistryProgram(string? users = null, Func<string, string>? authorization = null)
    {
        Assert.SkipUnless(File.Exists(Executable), $"needs {Executable}");
        File.WriteAllText(Path.Join(_directory, "users"), users ?? "");
        File.WriteAllText(
            Path.Join(_directory, "config.yml"),
            $"version: 0.1\nlog: {{level: info}}\nstorage:\n  filesystem:\n    rootdirectory: {_directory}/data\nhttp: {{addr: \"127.0.0.1:0\", secret: x}}\n"
            + (authorization?.Invoke(_directory) ?? (users is null ? "" : $"auth:\n  htpasswd:\n    realm: r\n    path: {_directory}/users\n")));
        _process = Process.Start(new ProcessStartInfo(Executable, ["serve", Path.Join(_directory, "config.yml")])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        Host = Listening(_process.StandardError);
        // What it says from here on nobody needs, and it must not wait for a reader.
        _ = _process.StandardError.BaseStream.CopyToAsync(Stream.Null);
        _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
    }

    /// <summary>With its port.</summary>
    public string Host { get; }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    static string Listening(StreamReader log)
    {
        const string word = "listening on ";
        List<string> lines = [];
        while (log.ReadLine() is { } line)
        {
            lines.Add(line);
            if (line.IndexOf(word, StringComparison.Ordinal) is var at and >= 0)
            {
                return line[(at + word.Length)..].Split('"')[0];
            }
        }

        throw new InvalidOperationException("the registry did not start:\n" + string.Join('\n', lines));
    }
}
