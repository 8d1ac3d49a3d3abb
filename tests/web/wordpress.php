<?php
/* The few functions of WordPress that the plugin calls, as far as it calls them; what the test asks for comes as JSON. */
define( 'ABSPATH', __DIR__ );
$asked   = json_decode( file_get_contents( 'php://stdin' ), true );
$actions = array();
$errors  = array();
function add_action( $name, $callback ) { $GLOBALS['actions'][ $name ][] = $callback; }
function get_option( $name, $otherwise ) { return $GLOBALS['asked']['options'] ?? $otherwise; }
function get_user_locale() { return $GLOBALS['asked']['locale'] ?? 'fr_FR'; }
function is_front_page() { return $GLOBALS['asked']['front'] ?? true; }
function esc_attr( $text ) { return htmlspecialchars( $text, ENT_QUOTES ); }
function esc_html( $text ) { return htmlspecialchars( $text, ENT_QUOTES ); }
function esc_url( $url ) { return htmlspecialchars( $url, ENT_QUOTES ); }
function add_settings_error( $setting, $code, $message ) { $GLOBALS['errors'][] = $message; }
function register_setting( $group, $name, $arguments ) {}
function add_options_page() {}
function current_user_can() { return true; }
function wp_parse_url( $url ) { return parse_url( $url ); }
function home_url() { return 'https://www.example.org:8443/blog'; }
function settings_fields() {}
function submit_button() { echo '<button>OK</button>'; }
function selected( $one, $other, $echo ) { return (string) $one === (string) $other ? ' selected' : ''; }
require dirname( __DIR__, 2 ) . '/deploy/wordpress/cacima-assistant/cacima-assistant.php';
ob_start();
cacima_assistant_print();
$line = ob_get_clean();
ob_start();
cacima_assistant_page();
$page = ob_get_clean();
echo json_encode(
	array(
		'line'    => $line,
		'page'    => $page,
		'kept'    => cacima_assistant_sanitize( $asked['sent'] ?? null ),
		'errors'  => $errors,
		'actions' => array_keys( $actions ),
	)
);
