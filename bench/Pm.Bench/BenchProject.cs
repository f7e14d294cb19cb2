namespace Pm.Bench;

/// <summary>A project with one dependency.</summary>
sealed class BenchProject
{
    readonly string _directory;

    internal BenchProject(string directory, string dependency)
    {
        _directory = Directory.CreateDirectory(directory).FullName;
        File.WriteAllText(Path.Combine(_directory, "pm.toml"), $"[dependencies]\n{dependency} = \"*\"\n");
    }

    /// <summary>The words of `pm lock` for it.</summary>
    internal string[] Lock(params string[] more) => ["lock", "-q", "--allow-unsigned", "--project", _directory, .. more];

    /// <summary>Takes its lockfile away.</summary>
    internal void Forget() => File.Delete(Path.Combine(_directory, "pm.lock"));
}
