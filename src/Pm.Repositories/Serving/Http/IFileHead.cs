namespace Pm.Repositories.Serving.Http;

/// <summary>The headers of an answer, as a server writes them.</summary>
public interface IFileHead
{
    void Add(string name, string value);

    /// <summary><c>Content-Length</c></summary>
    void AddLength(long count);

    /// <summary><c>Content-Range</c>, of a file of <paramref name="length"/> bytes; null: the range is none of its.</summary>
    void AddRange((long First, long Last)? range, long length);
}
