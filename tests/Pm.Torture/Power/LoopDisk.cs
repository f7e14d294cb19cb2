using Pm.Linux;
using Pm.Torture.Gear;

namespace Pm.Torture.Power;

/// <summary>An ext4 in a file, mounted: a copy of the file is what a disk holds whose power was cut at that moment.</summary>
sealed class LoopDisk : IDisposable
{
    const long Size = 96 << 20;

    // Nothing is written back by itself within this time, in seconds: what is not synced is not in the file.
    const int CommitInterval = 600;

    const string SearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    static readonly string[] Programs = ["mkfs.ext4", "mount", "umount"];

    readonly string _directory;
    readonly string _image;
    readonly IDisposable _duty;

    LoopDisk(string directory)
    {
        _directory = directory;
        _image = Path.Combine(directory, "disk");
        Mount = Path.Combine(directory, "m");
        _duty = Ending.Duty(Clear);
        Directory.CreateDirectory(Mount);
    }

    public string Mount { get; }

    string Copied => Path.Combine(_directory, "copy");

    /// <summary>Makes one; null and why not.</summary>
    public static LoopDisk? TryMake(string above, out string? obstacle)
    {
        obstacle = Environment.UserName != "root" ? "only root may mount"
            : Programs.FirstOrDefault(program => ProgramPath.Find(program, SearchPath) is null) is { } missing ? $"no {missing}"
            : null;
        if (obstacle is not null)
        {
            return null;
        }

        var disk = new LoopDisk(Path.Combine(above, "pmd-" + Path.GetRandomFileName()[..8]));
        using (var file = File.Create(disk._image))
        {
            file.SetLength(Size);
        }

        var made = Run("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=1,lazy_journal_init=1", disk._image);
        var mounted = made.IsSuccess ? disk.MountImage(disk._image) : made;
        if (!mounted.IsSuccess)
        {
            obstacle = $"no loop device with ext4: {mounted.ErrorText.Trim()}";
            disk.Dispose();
            return null;
        }

        return disk;
    }

    /// <summary>Keeps what would be left, were the power cut now.</summary>
    public void Cut() => Require(Run("cp", "--sparse=always", "--reflink=auto", _image, Copied));

    /// <summary>Acts on what the cut has left, recovered by the file system, under the same paths.</summary>
    public void AfterTheCut(Action act)
    {
        Require(MountImage(Copied));
        try
        {
            act();
        }
        finally
        {
            Require(Run("umount", Mount));
        }
    }

    /// <summary>Makes what is there now durable: it is not what is tested.</summary>
    public void Sync() => Require(Run("sync", "-f", Mount));

    public void Dispose()
    {
        _duty.Dispose();
        Clear();
    }

    // Lazily: whatever is still at work there does not hold the mount, nor the loop device, which goes with it.
    void Clear()
    {
        _ = Run("umount", "--lazy", Mount);
        Directory.Delete(_directory, recursive: true);
    }

    ChildResult MountImage(string image) => Run("mount", "-t", "ext4", "-o", $"loop,commit={CommitInterval}", image, Mount);

    static ChildResult Run(string program, params string[] arguments) =>
        ChildProcess.Run(new ChildOptions { FileName = program, Arguments = arguments, SearchPath = SearchPath });

    static void Require(ChildResult result) => Place.Require(result);
}
