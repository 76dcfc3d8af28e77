# brew install --formula ./llamero.rb
class Llamero < Formula
  desc "Local LLM server that any Ollama, OpenAI or Anthropic client can use unchanged"
  license "MIT"
  version "@VERSION@"
  url "@RELEASE@/llamero-@VERSION@.tgz"
  sha256 "@SHA256@"

  depends_on "node"

  def install
    libexec.install Dir["*"]
    bin.install_symlink libexec/"bin/llamero.mjs" => "llamero"
  end

  service do
    run [opt_bin/"llamero", "serve"]
    keep_alive true
    log_path var/"log/llamero.log"
    error_log_path var/"log/llamero.log"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/llamero --version")
  end
end
