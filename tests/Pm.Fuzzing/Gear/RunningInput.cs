using System.IO.MemoryMappedFiles;

namespace Pm.Fuzzing.Gear;

/// <summary>
/// The input that is being read, in a file below <see cref="Findings.Folder"/>: a stack overflow ends the process before anything else can be said of
/// it. Mapped, as a call of the kernel for each input would cost more than most readers do.
/// </summary>
sealed class RunningInput : IDisposable
{
    const int HeadSize = sizeof(int);

    readonly string _path;
    readonly int _room;
    readonly MemoryMappedFile _file;
    readonly MemoryMappedViewAccessor _view;

    RunningInput(string path, int room)
    {
        (_path, _room) = (path, room);
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Create, null, HeadSize + room);
        _view = _file.CreateViewAccessor();
    }

    /// <summary>For a campaign; the file is gone when it ends by itself.</summary>
    public static RunningInput Of(FuzzTarget target) => new(PathOf(target), target.MaximumLength);

    /// <summary>The input over which an earlier process ended, as a file of the corpus; null where none did.</summary>
    public static string? Recover(FuzzTarget target)
    {
        var path = PathOf(target);
        if (!File.Exists(path))
        {
            return null;
        }

        var bytes = File.ReadAllBytes(path);
        File.Delete(path);
        return bytes.Length >= HeadSize && BitConverter.ToInt32(bytes) is var length && (uint)length <= bytes.Length - HeadSize
            ? Findings.Save(target, bytes[HeadSize..(HeadSize + length)])
            : null;
    }

    public void Set(byte[] input)
    {
        var length = Math.Min(input.Length, _room);
        _view.Write(0, length);
        _view.WriteArray(HeadSize, input, 0, length);
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
        File.Delete(_path);
    }

    static string PathOf(FuzzTarget target) => Path.Combine(Directory.CreateDirectory(Path.Combine(Findings.Folder, target.Name)).FullName, "running");
}
